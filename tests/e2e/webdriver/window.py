#!/usr/bin/python3
"""The window that WebKitWebDriver opens: WebKitGTK with nothing around the page, so that it can be as narrow as a phone. Downloads go to
the folder $DOWNLOADS. Debian's own choice for this, MiniBrowser, has a toolbar with a least width. With --version, it prints the engine's."""

import os
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gdk, Gtk, WebKit2  # noqa: E402

VERSION = (WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
if "--version" in sys.argv:
    print("WebKitGTK", ".".join(map(str, VERSION)))
    sys.exit()

SIZE = (1280, 900)

context = WebKit2.WebContext.new_ephemeral()
context.set_automation_allowed(True)
context.set_preferred_languages(["en-GB"])
windows = []


def save(_context, download):
    def name(_download, suggested):
        path = os.path.join(os.environ["DOWNLOADS"], os.path.basename(suggested))
        download.set_destination(f"file://{path}")
        return True

    download.connect("decide-destination", name)


def open_view(_session):
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    window = Gtk.Window()
    window.set_default_size(*SIZE)
    window.add(view)
    view.connect("close", lambda _view: window.destroy())
    # No window manager gives a new window the focus.
    window.connect("map-event", lambda _window, _event: window.get_window().focus(Gdk.CURRENT_TIME))
    window.show_all()
    view.grab_focus()
    windows.append(window)
    return view


def start(_context, session):
    info = WebKit2.ApplicationInfo()
    info.set_name("WebKitGTK")
    info.set_version(*VERSION)
    session.set_application_info(info)
    session.connect("create-web-view", open_view)


context.connect("download-started", save)
context.connect("automation-started", start)
Gtk.main()

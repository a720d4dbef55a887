"""Renders the chart with the part of Helm's template language that it uses. Anything else is an error, so the chart stays within it."""

import re
from pathlib import Path

import yaml

ACTION = re.compile(r"\{\{(-?)\s*(.*?)\s*(-?)\}\}", re.S)


def parse(text):
    """A tree of texts and actions: `["text", …]`, `["value", expression]`, `[kind, expression, nodes, else nodes]`."""
    parts, place, trim = [], 0, False
    for match in ACTION.finditer(text):
        before = text[place : match.start()]
        before = before.lstrip() if trim else before
        parts.append(("text", before.rstrip() if match[1] else before))
        parts.append(("action", match[2]))
        place, trim = match.end(), bool(match[3])
    rest = text[place:]
    parts.append(("text", rest.lstrip() if trim else rest))
    root = ["root", "", [], []]
    stack, branch = [root], [2]
    for kind, content in parts:
        word, _, rest = content.partition(" ")
        if kind == "text":
            stack[-1][branch[-1]].append(["text", content])
        elif word in ("if", "with", "range"):
            node = [word, rest, [], []]
            stack[-1][branch[-1]].append(node)
            stack.append(node)
            branch.append(2)
        elif content == "else":
            branch[-1] = 3
        elif content == "end":
            stack.pop()
            branch.pop()
        else:
            stack[-1][branch[-1]].append(["value", content])
    if stack != [root]:
        raise ValueError("an action has no end")
    return root[2]


def word_value(word, scope):
    if word.startswith('"'):
        return word[1:-1]
    if re.fullmatch(r"\d+", word):
        return int(word)
    if word.startswith("$"):
        return scope["variables"][word]
    if not word.startswith("."):
        raise ValueError(f"not in this part of the language: {word}")
    value = scope["dot"]
    for name in filter(None, word.split(".")):
        value = value[name]
    return value


def quote(value):
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def to_yaml(value):
    return yaml.safe_dump(value, default_flow_style=False, sort_keys=True).rstrip("\n")


def evaluate(expression, scope):
    """The value of a pipeline: each stage gets the value of the one before as its last argument."""
    value, first = None, True
    for stage in expression.split("|"):
        name, *words = re.findall(r'"[^"]*"|\S+', stage)
        arguments = [word_value(word, scope) for word in words] + ([] if first else [value])
        if name == "toYaml":
            value = to_yaml(*arguments)
        elif name == "quote":
            value = quote(*arguments)
        elif name == "nindent":
            width, text = arguments
            value = "".join(f"\n{' ' * width}{line}" for line in text.split("\n"))
        elif name == "default":
            other, given = arguments
            value = given or other
        else:
            value = word_value(name, scope)
        first = False
    return value


def write(nodes, scope):
    out = []
    for kind, content, *branches in nodes:
        if kind == "text":
            out.append(content)
        elif kind == "value":
            out.append(str(evaluate(content, scope)))
        elif kind == "range":
            names, _, expression = content.rpartition(":=")
            value = evaluate(expression or content, scope)
            items = sorted(value.items()) if isinstance(value, dict) else enumerate(value)
            for key, item in items:
                variables = dict(zip([name.strip() for name in names.split(",")], (key, item)))
                out.append(write(branches[0], {"dot": item, "variables": {**scope["variables"], **variables}}))
        else:
            value = evaluate(content, scope)
            dot = value if kind == "with" else scope["dot"]
            out.append(write(branches[0] if value else branches[1], {**scope, "dot": dot}))
    return "".join(out)


def merged(values, changes):
    result = dict(values)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = merged(result[key], value) if both else value
    return result


def values_of(chart, changes):
    return merged(yaml.safe_load((chart / "values.yaml").read_text()), changes)


def render(chart: Path, changes):
    """The chart's documents with changed values, as one YAML text."""
    about = yaml.safe_load((chart / "Chart.yaml").read_text())
    dot = {"Values": values_of(chart, changes), "Release": {"Name": "curfew"}, "Chart": {"AppVersion": about["appVersion"]}}
    scope = {"dot": dot, "variables": {"$": dot}}
    texts = [write(parse(file.read_text()), scope).strip() for file in sorted((chart / "templates").glob("*.yaml"))]
    return "".join(f"---\n{text}\n" for text in texts if text)

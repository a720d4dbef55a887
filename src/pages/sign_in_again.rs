//! Signing in again in place, after BIG-IQ ended a sign-in: the waiting page stays behind it. It loads with the
//! console.

use super::sign_in::SignInForm;
use crate::state::SignIn;
use crate::ui::{Button, Dialog, Look, content, dynamic};
use crate::web::boot::EarlyInput;
use leptos::prelude::*;
use text::Name;

/// The sign-in form above the page of the operator whose work is waiting.
#[component]
pub fn SignInAgain(sign_out: Callback<()>) -> impl IntoView {
    let sign_in = SignIn::get();
    let open = Signal::derive(move || sign_in.is_lost());
    view! {
        <Dialog
            open=open
            heading=text::sign_in_again()
            on_close=Callback::new(|()| ())
            must=true
        >
            {dynamic(move || {
                let operator = sign_in.operator().unwrap_or_default();
                view! {
                    <p prop:textContent=content(text::sign_in_again_body(Name(&operator)))/>
                    <SignInForm
                        early=EarlyInput::of_user(operator)
                        beside=view! {
                            <Button label=text::sign_out() look=Look::Plain on_press=sign_out/>
                        }
                        .into_any()
                    />
                }
                    .into_any()
            })}
        </Dialog>
    }
}

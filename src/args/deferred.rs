//! Arguments that are laid out only where they are typed.

use std::ops::Deref;

use clap::builder::Resettable;
use clap::error::Error;
use clap::{ArgMatches, Args, Command, FromArgMatches, Id};

/// What is typed behind a verb. The verbs have some hundred arguments, and one run asks for one
/// verb's: clap lays the others out never. By then it knows what the verb is for, and what the type
/// says of itself must not replace that.
#[derive(Debug)]
pub struct Deferred<T>(T);

impl<T> Deref for Deferred<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for Deferred<T> {
    fn group_id() -> Option<Id> {
        T::group_id()
    }

    fn augment_args(verb: Command) -> Command {
        behind(verb, T::augment_args)
    }

    fn augment_args_for_update(verb: Command) -> Command {
        behind(verb, T::augment_args_for_update)
    }
}

/// The verb with its arguments laid out.
fn behind(verb: Command, lay_out: fn(Command) -> Command) -> Command {
    let about = Resettable::from(verb.get_about().cloned());
    let long_about = Resettable::from(verb.get_long_about().cloned());
    lay_out(verb).about(about).long_about(long_about)
}

impl<T: FromArgMatches> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

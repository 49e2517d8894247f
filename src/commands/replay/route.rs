//! What was typed as targets → where each trigger goes, and whether that is safe.

use std::fmt;

use anyhow::{Result, bail};
use glob::Pattern;

use crate::args::{Routes, Target};
#[cfg(feature = "net")]
use crate::net::Endpoint;

/// Where bodies go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// Stdout.
    Stdout,
    /// A URL.
    #[cfg(feature = "net")]
    Url(Endpoint),
}

/// All targets, and which trigger goes where.
#[derive(Debug)]
pub(super) struct Targets {
    pub(super) list: Vec<Destination>,
    routes: Vec<(Pattern, u16)>,
    /// Where goes what no route takes.
    to: Option<u16>,
}

impl Targets {
    /// Those that were typed.
    ///
    /// # Errors
    /// When one is no URL, or holds credentials.
    pub(super) fn of(typed: &Routes) -> Result<Self> {
        let mut targets = Self { list: Vec::new(), routes: Vec::new(), to: None };
        if let Some(to) = &typed.to {
            targets.to = Some(targets.add(to, "--to")?);
        }
        for route in &typed.route {
            let target = targets.add(&route.target, "--route")?;
            targets.routes.push((route.trigger.clone(), target));
        }
        Ok(targets)
    }

    fn add(&mut self, target: &Target, flag: &str) -> Result<u16> {
        let destination = destination(target, flag)?;
        let at = self.list.iter().position(|known| *known == destination);
        let at = at.unwrap_or_else(|| {
            self.list.push(destination);
            self.list.len() - 1
        });
        match u16::try_from(at) {
            Ok(at) => Ok(at),
            Err(_) => bail!("more targets than there can be"),
        }
    }

    /// The target of a trigger; `None` where no route takes it.
    pub(super) fn of_trigger(&self, trigger: &str) -> Option<u16> {
        let route = self.routes.iter().find(|(pattern, _)| pattern.matches(trigger));
        route.map(|(_, target)| *target).or(self.to)
    }

    /// What each target is called, in the order of their numbers.
    pub(super) fn names(&self) -> Vec<String> {
        self.list.iter().map(ToString::to_string).collect()
    }

    /// Whether something goes to stdout.
    pub(super) fn has_stdout(&self) -> bool {
        self.list.contains(&Destination::Stdout)
    }

    /// Whether all goes there.
    pub(super) fn is_stdout(&self) -> bool {
        self.list.iter().all(|target| *target == Destination::Stdout)
    }
}

#[cfg(feature = "net")]
fn destination(target: &Target, flag: &str) -> Result<Destination> {
    Ok(match target {
        Target::Stdout => Destination::Stdout,
        Target::Url(url) => match Endpoint::parse(url) {
            Ok(endpoint) => Destination::Url(endpoint),
            Err(why) => bail!("cannot send to what {flag} names: {why}"),
        },
    })
}

#[cfg(not(feature = "net"))]
fn destination(target: &Target, flag: &str) -> Result<Destination> {
    match target {
        Target::Stdout => Ok(Destination::Stdout),
        Target::Url(_) => {
            bail!("cannot send to what {flag} names: callscope was built without the feature `net`")
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdout => f.write_str("stdout"),
            #[cfg(feature = "net")]
            Self::Url(endpoint) => endpoint.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Route;
    use crate::event::Span;

    pub(in crate::commands::replay) fn typed(to: Option<&str>, routes: &[(&str, &str)]) -> Routes {
        let target = |url: &str| match url {
            "-" => Target::Stdout,
            _ => Target::Url(url.to_owned()),
        };
        let route = |(glob, url): &(&str, &str)| Route {
            trigger: Pattern::new(glob).expect("a glob"),
            target: target(url),
        };
        Routes {
            to: to.map(target),
            route: routes.iter().map(route).collect(),
            auth_file: None,
            header: Vec::new(),
            yes: false,
            proxy: false,
            timeout: Span::from_seconds(30),
            as_cometchat: false,
        }
    }

    #[test]
    #[cfg(feature = "net")]
    fn the_first_route_that_fits_takes_a_trigger_else_where_all_goes() {
        let (one, other) = ("http://localhost:1/", "http://localhost:2/");
        let routes = [("call_ended", "-"), ("call_*", one), ("recording_*", one)];
        let targets = Targets::of(&typed(Some(other), &routes)).expect("targets");
        assert_eq!(targets.list.len(), 3);
        let to = |trigger| {
            targets.of_trigger(trigger).map(|at| targets.list[usize::from(at)].to_string())
        };
        assert_eq!(to("call_ended").as_deref(), Some("stdout"));
        assert_eq!(to("call_started").as_deref(), Some(one));
        assert_eq!(to("recording_generated").as_deref(), Some(one));
        assert_eq!(to("meeting_ended").as_deref(), Some(other));
        let targets = Targets::of(&typed(None, &routes)).expect("targets");
        assert_eq!(targets.of_trigger("meeting_ended"), None);
    }

    #[test]
    fn a_url_with_a_password_is_refused_without_repeating_it() {
        let typed = typed(Some("https://ana:hunter2@staging.example/"), &[]);
        let error = Targets::of(&typed).expect_err("a password").to_string();
        assert!(error.contains("--to") && !error.contains("hunter2"), "{error}");
    }
}

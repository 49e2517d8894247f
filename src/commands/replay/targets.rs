//! Where the bodies of each trigger go.

#[cfg(not(feature = "net"))]
use std::convert::Infallible as Endpoint;

use anyhow::{Result, bail};
use glob::Pattern;

use crate::args::{Routes, Target};
#[cfg(feature = "net")]
use crate::net::Endpoint;

/// All distinct targets, and which trigger goes to which.
#[derive(Debug)]
pub(super) struct Targets {
    /// `None` is stdout.
    pub(super) list: Vec<Option<Endpoint>>,
    routes: Vec<(Pattern, u16)>,
    /// The target of triggers that no route matches.
    default: Option<u16>,
}

impl Targets {
    /// # Errors
    /// When a target is not a valid URL, or contains credentials.
    pub(super) fn new(args: &Routes) -> Result<Self> {
        let mut targets = Self { list: Vec::new(), routes: Vec::new(), default: None };
        if let Some(to) = &args.to {
            targets.default = Some(targets.add(to, "--to")?);
        }
        for route in &args.route {
            let target = targets.add(&route.target, "--route")?;
            targets.routes.push((route.trigger.clone(), target));
        }
        Ok(targets)
    }

    fn add(&mut self, target: &Target, flag: &str) -> Result<u16> {
        let target = match target {
            Target::Stdout => None,
            Target::Url(url) => match parse(url) {
                Ok(endpoint) => Some(endpoint),
                Err(why) => bail!("cannot send to what {flag} names: {why}"),
            },
        };
        let index = self.list.iter().position(|known| *known == target);
        let index = index.unwrap_or_else(|| {
            self.list.push(target);
            self.list.len() - 1
        });
        match u16::try_from(index) {
            Ok(index) => Ok(index),
            Err(_) => bail!("more targets than there can be"),
        }
    }

    /// The index of a trigger's target; `None` if no route matches.
    pub(super) fn of_trigger(&self, trigger: &str) -> Option<u16> {
        let route = self.routes.iter().find(|(pattern, _)| pattern.matches(trigger));
        route.map(|(_, target)| *target).or(self.default)
    }

    /// The name of each target, by index.
    pub(super) fn names(&self) -> Vec<String> {
        let name = |target: &Option<Endpoint>| match target {
            Some(endpoint) => endpoint.to_string(),
            None => "stdout".to_owned(),
        };
        self.list.iter().map(name).collect()
    }

    pub(super) fn has_stdout(&self) -> bool {
        self.list.contains(&None)
    }

    /// Whether everything goes to stdout.
    pub(super) fn is_stdout(&self) -> bool {
        self.list.iter().all(Option::is_none)
    }
}

#[cfg(feature = "net")]
fn parse(url: &str) -> Result<Endpoint, &'static str> {
    Endpoint::parse(url)
}

#[cfg(not(feature = "net"))]
fn parse(_: &str) -> Result<Endpoint, &'static str> {
    Err("callscope was built without the feature `net`")
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
        let targets = Targets::new(&typed(Some(other), &routes)).expect("targets");
        assert_eq!(targets.list.len(), 3);
        let to = |trigger| {
            targets.of_trigger(trigger).map(|index| targets.names()[usize::from(index)].clone())
        };
        assert_eq!(to("call_ended").as_deref(), Some("stdout"));
        assert_eq!(to("call_started").as_deref(), Some(one));
        assert_eq!(to("recording_generated").as_deref(), Some(one));
        assert_eq!(to("meeting_ended").as_deref(), Some(other));
        let targets = Targets::new(&typed(None, &routes)).expect("targets");
        assert_eq!(targets.of_trigger("meeting_ended"), None);
    }

    #[test]
    fn a_url_with_a_password_is_refused_without_repeating_it() {
        let typed = typed(Some("https://ana:hunter2@staging.example/"), &[]);
        let error = Targets::new(&typed).expect_err("a password").to_string();
        assert!(error.contains("--to") && !error.contains("hunter2"), "{error}");
    }
}

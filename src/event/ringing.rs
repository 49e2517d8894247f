//! The id of a ringing session, which says something: `v1.<region>.<appId>.<10-digit epoch
//! seconds><40 hex>` (seen in the wild, not documented).

/// What a ringing session's id says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RingingId<'s> {
    /// Where it was held.
    pub region: &'s str,
    /// The app.
    pub app: &'s str,
    /// Seconds since 1970: when it was initiated.
    pub epoch: i64,
}

impl<'s> RingingId<'s> {
    /// Reads a session id; `None` where it has another form.
    #[must_use]
    pub fn parse(id: &'s str) -> Option<Self> {
        let rest = id.strip_prefix("v1.")?;
        let (region, rest) = rest.split_once('.')?;
        let (app, tail) = rest.rsplit_once('.')?;
        let (epoch, hex) = tail.split_at_checked(10)?;
        let well_formed = epoch.bytes().all(|byte| byte.is_ascii_digit())
            && hex.len() == 40
            && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let epoch = epoch.parse().ok().filter(|_| well_formed)?;
        Some(Self { region, app, epoch })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ringing_session_id_carries_region_app_and_second() {
        let hex = "a3".repeat(20);
        let id = format!("v1.us.239414efb0e4882a.1767346800{hex}");
        let read = RingingId::parse(&id).expect("the ringing form");
        assert_eq!((read.region, read.app, read.epoch), ("us", "239414efb0e4882a", 1_767_346_800));
        for other in ["weekly-sync", "v1.us.a.17673468", &id[..id.len() - 1], &format!("{id}0")] {
            assert_eq!(RingingId::parse(other), None, "{other}");
        }
    }
}

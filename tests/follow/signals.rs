//! Interrupted: what is open is told, and all is well.

use super::*;

#[test]
fn whoever_interrupts_it_is_told_what_is_open() {
    for name in ["INT", "TERM"] {
        let mut follow = Following::start(&["--calls"]);
        follow.say(&[started("room", 0), joined("room", "Ida", 1)]);
        follow.write("{\"trigger\":\"meeting_par");
        assert!(follow.is_silent(400));
        follow.signal(name);
        let ended = follow.wait();
        assert_eq!(shorts(&ended.rows), ["ongoing 1 final"], "{name}");
        assert_eq!(ended.status.code(), Some(0), "{name}");
        assert_eq!(ended.told, "1 call from 2 events (2 webhooks in 1 source)\n", "{name}");
    }
}

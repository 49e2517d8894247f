//! Names of people, groups and rooms. About one full name in five has a letter outside ASCII.

/// Given names.
pub(super) const GIVEN: [&str; 40] = [
    "Ana", "Ben", "Chioma", "Dmitri", "Elif", "Farid", "Grace", "Hana", "Ines", "Jonas", "Kofi",
    "Lena", "Marco", "Nadia", "Omar", "Priya", "Quentin", "Rosa", "Samir", "Tomasz", "Uma", "Vera",
    "Wen", "Xavier", "Yuki", "Amara", "Bo", "Clara", "Diego", "Emma", "Felix", "Gita", "Hugo",
    "Ivy", "Jamal", "Karin", "Zoë", "Łukasz", "Chloé", "Øyvind",
];

/// Family names.
pub(super) const FAMILY: [&str; 40] = [
    "Ruiz",
    "Okafor",
    "Brandt",
    "Silva",
    "Haddad",
    "Lindqvist",
    "Mori",
    "Novak",
    "Osei",
    "Petrov",
    "Quill",
    "Raman",
    "Sato",
    "Tan",
    "Ueda",
    "Vargas",
    "Weiss",
    "Yilmaz",
    "Zhang",
    "Adeyemi",
    "Bakker",
    "Costa",
    "Duarte",
    "Eriksen",
    "Fischer",
    "Gupta",
    "Hoang",
    "Ibrahim",
    "Jansen",
    "Kaur",
    "Larsen",
    "Moreau",
    "Nkosi",
    "O'Neill",
    "Pereira",
    "Rossi",
    "Núñez",
    "Żak",
    "Çelik",
    "Ås",
];

/// Full names with other scripts, emoji and the characters that formats must escape.
pub(super) const WHOLE: [&str; 8] = [
    "李雷",
    "ليلى حداد",
    "Віктор Шевчук",
    "ゆき",
    "Max 🎧",
    "Bo \"B\" Li",
    "Xan <x@y>",
    "Eve, 2nd",
];

/// Groups and meeting rooms.
pub(super) const GROUPS: [&str; 12] = [
    "ops",
    "night-crew",
    "design",
    "standup",
    "sales",
    "harbour-watch",
    "board",
    "support",
    "research",
    "équipe-7",
    "release",
    "choir",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_one_name_in_five_is_not_ascii() {
        let odd = |names: &[&str]| names.iter().filter(|name| !name.is_ascii()).count();
        assert_eq!((odd(&GIVEN), odd(&FAMILY)), (4, 4));
    }
}

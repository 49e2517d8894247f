//! The two captures that are compared, and values of one or both of them.

/// One of the two captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiffSide {
    /// The first on the command line.
    A,
    /// The second.
    B,
}

impl DiffSide {
    /// Both sides, A first.
    pub const ALL: [Self; 2] = [Self::A, Self::B];

    /// The letter that output uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

/// A value of each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct BothSides<T> {
    /// The value of A.
    pub a: T,
    /// The value of B.
    pub b: T,
}

impl<T> BothSides<T> {
    /// The value of `side`.
    pub fn on(&self, side: DiffSide) -> &T {
        match side {
            DiffSide::A => &self.a,
            DiffSide::B => &self.b,
        }
    }

    /// The value of `side`, to be changed.
    pub fn on_mut(&mut self, side: DiffSide) -> &mut T {
        match side {
            DiffSide::A => &mut self.a,
            DiffSide::B => &mut self.b,
        }
    }

    /// Applies `convert` to each value.
    pub fn map<R>(self, mut convert: impl FnMut(T) -> R) -> BothSides<R> {
        BothSides { a: convert(self.a), b: convert(self.b) }
    }
}

/// A value of A (left), of B (right), or of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EitherOrBoth<T> {
    /// Only A has it.
    Left(T),
    /// Only B has it.
    Right(T),
    /// Both have it.
    Both(T, T),
}

impl<T> EitherOrBoth<T> {
    /// The value of `side`; `None` if only the other side has one.
    pub fn on(&self, side: DiffSide) -> Option<&T> {
        match (self, side) {
            (Self::Left(a) | Self::Both(a, _), DiffSide::A) => Some(a),
            (Self::Right(b) | Self::Both(_, b), DiffSide::B) => Some(b),
            _ => None,
        }
    }

    /// The value of A if there is one, else of B, with its side.
    pub fn first(&self) -> (DiffSide, &T) {
        match self {
            Self::Left(a) | Self::Both(a, _) => (DiffSide::A, a),
            Self::Right(b) => (DiffSide::B, b),
        }
    }

    /// The values that there are, that of A first, each with its side.
    pub fn iter(&self) -> impl Iterator<Item = (DiffSide, &T)> {
        DiffSide::ALL.into_iter().filter_map(|side| Some((side, self.on(side)?)))
    }

    /// The value of A and that of B.
    pub fn into_options(self) -> (Option<T>, Option<T>) {
        match self {
            Self::Left(a) => (Some(a), None),
            Self::Right(b) => (None, Some(b)),
            Self::Both(a, b) => (Some(a), Some(b)),
        }
    }

    /// Applies `convert` to each value.
    pub fn map<R>(self, mut convert: impl FnMut(DiffSide, T) -> R) -> EitherOrBoth<R> {
        match self {
            Self::Left(a) => EitherOrBoth::Left(convert(DiffSide::A, a)),
            Self::Right(b) => EitherOrBoth::Right(convert(DiffSide::B, b)),
            Self::Both(a, b) => {
                EitherOrBoth::Both(convert(DiffSide::A, a), convert(DiffSide::B, b))
            }
        }
    }
}

//! How confidential something is: four words with an order, the same for workspaces, templates, documents and fields.

/// A class of confidentiality. The order is that of care: what holds several has the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// May be seen by anybody.
    Public,
    /// For the customer's own people.
    Internal,
    /// For those who need it.
    Confidential,
    /// For named people only.
    Restricted,
}

impl Class {
    /// All classes, in their order.
    pub const ALL: [Self; 4] = [Self::Public, Self::Internal, Self::Confidential, Self::Restricted];

    /// The stored and shown word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
            Self::Restricted => "restricted",
        }
    }

    /// The class with this word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_found_by_its_word_and_the_order_is_that_of_care() {
        for class in Class::ALL {
            assert_eq!(Class::parse(class.as_str()), Some(class));
        }
        assert_eq!(Class::parse("secret"), None);
        assert!(Class::ALL.is_sorted() && Class::Public < Class::Restricted);
    }
}

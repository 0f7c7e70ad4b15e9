//! Any screen can follow any other.

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::{collection, prop_assert_eq, sample};

use super::decoder::Shown;
use crate::document::Target;
use crate::screen::{Client, Piece, Screen, ScreenLink, ScreenPage};

fn piece() -> impl Strategy<Value = Piece> {
    // Few contents and places, so that pieces come again, moved and not.
    let content = sample::select(vec![&b""[..], b"\x00", b"one", b"two", b"a longer one"]);
    (proptest::option::of(0..3_u32), collection::vec(-3..3_i64, 4), content).prop_map(|(node, place, content)| Piece {
        node,
        place: place.try_into().unwrap(),
        content: content.into(),
    })
}

fn link() -> impl Strategy<Value = ScreenLink> {
    let target = prop_oneof![
        Just(Target::Uri("https://example.com/".to_owned())),
        (0..9_u32).prop_map(|page| Target::Place { page, y: 12.5 }),
    ];
    (any::<[i32; 4]>(), target).prop_map(|(place, target)| ScreenLink { place: place.map(i64::from), target })
}

fn screen(revision: u64) -> impl Strategy<Value = Screen> {
    let page = (collection::vec(piece(), 0..12), collection::vec(link(), 0..3), any::<[i16; 2]>());
    let page = page.prop_map(|(pieces, links, size)| ScreenPage { size: size.map(i64::from), pieces, links });
    collection::vec(page, 0..4).prop_map(move |pages| Screen { revision, pages, diagnostics: Vec::new() })
}

proptest! {
    #[test]
    fn applying_the_difference_gives_the_next_screen(first in screen(1), second in screen(2), third in screen(3)) {
        let (mut client, mut shown) = (Client::new(), Shown::default());
        shown.apply(&first.message(&Screen::default(), &mut client));
        prop_assert_eq!(&shown.screen, &first);
        shown.apply(&second.message(&first, &mut client));
        prop_assert_eq!(&shown.screen, &second);
        shown.apply(&third.message(&second, &mut client));
        prop_assert_eq!(&shown.screen, &third);
    }
}

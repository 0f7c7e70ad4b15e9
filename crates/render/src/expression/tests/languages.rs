//! Numbers, money, dates and order in other languages, and functions where they leave JavaScript.

use super::{run, run_in};

#[test]
fn numbers_and_money_follow_the_locale() {
    for (tag, source, expected) in [
        ("en-US", "number(1234567.891)", "1,234,567.891"),
        ("de-DE", "number(1234567.891, 2)", "1.234.567,89"),
        ("fr-FR", "number(1234.5, 2)", "1\u{202f}234,50"),
        ("es-ES", "number(1234.5) + ' ' + number(12345.5)", "1234,5 12.345,5"),
        ("en-IN", "number(12345678)", "1,23,45,678"),
        ("de-CH", "number(1234.5, 2)", "1'234.50"),
        ("ar-EG", "number(1234.5)", "١٬٢٣٤٫٥"),
        ("sv-SE", "number(-1.5)", "−1,5"),
        ("en-US", "money(1234.5, 'USD')", "$1,234.50"),
        ("en-US", "money(-1234.5, 'USD')", "-$1,234.50"),
        ("en-US", "money(-5, 'USD', { currencySign: 'accounting' })", "($5.00)"),
        ("de-DE", "money(1234.5, 'EUR')", "1.234,50\u{a0}€"),
        ("de-AT", "money(1234.5, 'EUR')", "€\u{a0}1.234,50"),
        ("ja-JP", "money(1234.5, 'JPY')", "￥1,235"),
        ("en-US", "money(1.2345, 'KWD')", "KWD\u{a0}1.235"),
        ("en-GB", "money('12.5', 'gbp')", "£12.50"),
        ("en-US", "money(1.999, 'EUR', 0)", "€2"),
        ("nl-NL", "money(-2.675, 'EUR')", "€\u{a0}-2,68"),
        ("en-US", "percent(0.195)", "19.5%"),
        ("de-DE", "percent(0.195, 1)", "19,5\u{a0}%"),
        ("fr-FR", "percent(1)", "100\u{a0}%"),
    ] {
        assert_eq!(run_in(source, tag), expected, "{tag} {source}");
    }
}

#[test]
fn texts_are_ordered_as_a_dictionary_of_the_language_does() {
    let towns = "sortBy(['Zug', 'Örebro', 'Ärger', 'Åmål', 'arm', 'Oslo', 'Ætna', 'Aachen'], x => x).join(' ')";
    for (tag, source, expected) in [
        ("en-GB", towns, "Aachen Ætna Åmål Ärger arm Örebro Oslo Zug"),
        ("de-DE", towns, "Aachen Ætna Åmål Ärger arm Örebro Oslo Zug"),
        ("sv-SE", towns, "Aachen arm Oslo Zug Åmål Ärger Ætna Örebro"),
        ("da-DK", towns, "arm Oslo Zug Ärger Ætna Örebro Aachen Åmål"),
        ("es-ES", "sortBy(['ñu', 'nz', 'oca'], x => x).join(' ')", "nz ñu oca"),
        ("cs-CZ", "sortBy(['chata', 'cihla', 'had', 'hrad', 'dub'], x => x).join(' ')", "cihla dub had hrad chata"),
        ("ja-JP", "sortBy(['日本', 'いぬ', 'アメリカ', '亜'], x => x).join(' ')", "アメリカ いぬ 亜 日本"),
        ("zh-CN", "sortBy(['张', '李', '安', '王'], x => x).join(' ')", "安 李 王 张"),
        ("sv-SE", "['ö'.localeCompare('z'), 'a'.localeCompare('á'), 'a'.localeCompare('A')].join()", "1,-1,-1"),
        ("de-DE", "['ö'.localeCompare('z'), 'straße'.localeCompare('strasse')].join()", "-1,1"),
    ] {
        assert_eq!(run_in(source, tag), expected, "{tag} {source}");
    }
}

#[test]
fn money_rounds_half_a_cent_away_from_zero() {
    assert_eq!(run("money(2.675, 'USD') + money(1.005, 'USD') + money(-0.005, 'USD')"), "$2.68$1.01-$0.01");
    assert_eq!(run("money(0.1 + 0.2, 'USD') + money(-0.004, 'USD')"), "$0.30$0.00");
    assert_eq!(run("money(sum([0.1, 0.2, 0.3, 0.4]), 'USD')"), "$1.00");
    assert_eq!(run("sum([0.1, 0.2, 0.3])"), "0.6");
}

#[test]
fn dates_follow_the_locale() {
    let at = "'2026-03-05T14:05:09Z'";
    for (tag, call, expected) in [
        ("en-US", "date(AT, 'short')", "3/5/26"),
        ("en-US", "date(AT)", "Mar 5, 2026"),
        ("en-US", "date(AT, 'long')", "March 5, 2026"),
        ("en-US", "date(AT, 'full')", "Thursday, March 5, 2026"),
        ("en-US", "time(AT)", "2:05 PM"),
        ("en-US", "time(AT, 'medium')", "2:05:09 PM"),
        ("en-US", "datetime(AT, 'short')", "3/5/26, 2:05 PM"),
        ("en-GB", "date(AT, 'long')", "5 March 2026"),
        ("de-DE", "date(AT, 'short')", "05.03.26"),
        ("de-DE", "date(AT, 'medium')", "05.03.2026"),
        ("de-DE", "date(AT, 'long')", "5. März 2026"),
        ("de-DE", "date(AT, 'full')", "Donnerstag, 5. März 2026"),
        ("de-DE", "time(AT)", "14:05"),
        ("fr-FR", "date(AT, 'long')", "5 mars 2026"),
        ("ja-JP", "date(AT, 'long')", "2026年3月5日"),
        ("ru-RU", "date(AT, 'long')", "5 марта 2026 г."),
        ("ru-RU", "date(AT, 'MMMM YYYY')", "март 2026"),
        ("ru-RU", "date(AT, 'D MMMM YYYY')", "5 марта 2026"),
        ("pt-PT", "date(AT, 'full')", "quinta-feira, 5 de março de 2026"),
        ("de-DE", "date(AT, 'dddd, D. MMMM YYYY')", "Donnerstag, 5. März 2026"),
        ("fr-FR", "date(AT, 'Do MMMM')", "5 mars"),
        ("en-US", "date(AT, 'L')", "03/05/2026"),
        ("de-DE", "date(AT, 'L LT')", "05.03.2026 14:05"),
    ] {
        let source = call.replace("AT", at);
        assert_eq!(run_in(&source, tag), expected, "{tag} {call}");
    }
}

#[test]
fn a_time_without_zone_keeps_its_clock_and_one_with_zone_moves() {
    for (source, expected) in [
        ("date('2026-03-01', 'YYYY-MM-DD', 'America/New_York')", "2026-03-01"),
        ("datetime('2026-03-01T10:00', 'YYYY-MM-DD HH:mm Z', 'America/New_York')", "2026-03-01 10:00 -05:00"),
        ("datetime('2026-03-01T10:00Z', 'YYYY-MM-DD HH:mm Z', 'America/New_York')", "2026-03-01 05:00 -05:00"),
        ("datetime('2026-07-01T10:00Z', 'HH:mm z', 'Europe/Berlin')", "12:00 CEST"),
        ("date('2026-03-01T23:30:00-05:00', 'YYYY-MM-DD')", "2026-03-02"),
        ("date(1773576000000, 'YYYY-MM-DD')", "2026-03-15"),
        ("date(sys.now, 'YYYY-MM-DD') + date(now(), ' HH:mm')", "2026-03-15 12:00"),
        ("date(null) + date('') + date(undefined) + number(null) + money('', 'EUR')", ""),
        ("moment(null)", "undefined"),
        ("moment('2026-03-15').locale('fr').format('D MMMM')", "15 mars"),
        ("String(moment('2026-03-15'))", "2026-03-15T00:00:00Z"),
        ("JSON.stringify({ at: moment('2026-03-15') })", "{\"at\":\"2026-03-15T00:00:00.000Z\"}"),
    ] {
        assert_eq!(run(source), expected, "{source}");
    }
}

#[test]
fn dates_at_the_ends_of_time_are_errors_and_no_panics() {
    for source in [
        "moment('9999-12-31').add(1, 'day')",
        "moment('9999-12-31').tz('America/New_York')",
        "moment('2026-01-01').add(1e300, 'years')",
        "moment('2026-01-01').add(-1e18, 'ms')",
        "date(1e300)",
        "moment('2026-01-01').add('x', 'days')",
        "moment('2026-01-01').diff('nonsense')",
        "moment('2026-01-01').format('Y'.repeat(1000))",
    ] {
        assert!(run(source).starts_with("error: "), "{source}: {}", run(source));
    }
    // Many systems write the last day for "never".
    assert_eq!(run("date('9999-12-31', 'long')"), "December 31, 9999");
    assert_eq!(run("moment('9999-12-31').endOf('year').format('YYYY-MM-DD')"), "9999-12-31");
}

#[test]
fn lists_are_summed_grouped_and_sorted() {
    for (source, expected) in [
        ("sum(data.items, i => i.qty * i.price)", "845.08"),
        ("sum(data.items, 'qty')", "10"),
        ("sum([1, '2', null, '', undefined])", "3"),
        ("sum([])", "0"),
        ("avg(data.items, 'qty')", "2.5"),
        ("avg([])", "undefined"),
        ("min(data.numbers) + ' ' + max(data.numbers)", "-3 100"),
        ("count(data.items, i => i.tax < 0.1)", "1"),
        ("count(data.customer)", "3"),
        ("group(data.items, 'group').map(g => g.key + ':' + g.items.length).join()", "furniture:2,light:1,paper:1"),
        ("group([1, '1', 1], x => x).length", "2"),
        ("unique(data.items, 'group').map(i => i.name).join()", "Desk,Lamp,Book"),
        ("sortBy(data.items, 'price').map(i => i.name).join()", "Book,Lamp,Chair,Desk"),
        ("sortBy(data.items, i => i.price, 'desc').map(i => i.name).join()", "Desk,Chair,Lamp,Book"),
        ("sortBy([{ n: 2 }, { n: null }, { n: 1 }], 'n', 'desc').map(i => i.n).join()", "2,1,"),
        ("sortBy(['b', 'Ä', 'a', 'B', 'á']).join()", "a,á,Ä,b,B"),
        ("join(['a', null, '', 'b'])", "a, , b"),
        ("join(data.items.map(i => i.name), ', ', ' & ')", "Desk, Lamp, Book & Chair"),
        ("plural(1, 'item', 'items') + plural(0, 'item', 'items')", "itemitems"),
        ("capitalize('élan') + capitalize('') + upper(null)", "Élanundefined"),
        ("ifNull(0, 1) + ifNull(undefined, 'x')", "0x"),
        ("round(-2.675, 2) + ' ' + round(2.5) + ' ' + round(1e21, 2)", "-2.68 3 1e+21"),
    ] {
        assert_eq!(run(source), expected, "{source}");
    }
}

#[test]
fn words_for_numbers_and_lists_follow_the_language() {
    for (tag, source, expected) in [
        ("en", "plural(1, { one: 'file', other: 'files' }) + plural(0, { one: 'file', other: 'files' })", "filefiles"),
        (
            "pl",
            "[1, 3, 5, 22, 1.5].map(n => plural(n, { one: 'plik', few: 'pliki', many: 'plików', other: 'pliku' })).join()",
            "plik,pliki,plików,pliki,pliku",
        ),
        (
            "ar",
            "[0, 1, 2, 3, 11, 100].map(n => plural(n, { zero: 'a', one: 'b', two: 'c', few: 'd', many: 'e', other: 'f' })).join('')",
            "abcdef",
        ),
        ("ja", "plural(1, { one: 'x', other: 'y' })", "y"),
        (
            "de",
            "joinAnd(['rot', 'grün', 'blau']) + '; ' + joinOr(['bar', 'Karte'])",
            "rot, grün und blau; bar oder Karte",
        ),
        ("es", "joinAnd(['España', 'Suiza', 'Italia'])", "España, Suiza e Italia"),
        ("en-GB", "joinAnd(['red', 'green', 'blue'])", "red, green and blue"),
        ("en", "joinAnd([]) + joinAnd(['a']) + joinAnd(null)", "a"),
        ("de", "ordinal(3) + ' ' + words(1234)", "3. eintausendzweihundertvierunddreißig"),
        ("fr", "ordinal(1)", "1er"),
    ] {
        assert_eq!(run_in(source, tag), expected, "{tag} {source}");
    }
    assert_eq!(run_in("words(5)", "fr"), "error: numbers in words of the language `fr` are not known");
    assert_eq!(run("roman(0)"), "error: `roman` needs a whole number from 1 to 3999, but got `0`");
    assert_eq!(run("plural(2, { one: 'x' })"), "error: `plural` needs the form `other` for this number");
}

#[test]
fn texts_are_cut_between_what_people_count_as_characters() {
    assert_eq!(run("truncate('👩‍👩‍👧 family', 4)"), "👩‍👩‍👧 f…");
    assert_eq!(run("truncate('abc', 3) + truncate('abc', 10) + truncate('', 1)"), "abcabc");
    assert_eq!(run("truncate('Schöne Grüße', 8, '...')"), "Schön...");
    assert_eq!(run("truncate('abc', 0)"), "error: `truncate` needs a length of 1 or more, but got `0`");
    assert_eq!(run("grouped('DE89 3704', 3, '-') + grouped('', 2)"), "DE8-937-04");
    assert_eq!(run("grouped('x', 0)"), "error: `grouped` needs a size of 1 or more, but got `0`");
    assert_eq!(
        run("[snakeCase('ÄrgerÜber2'), slug(' -- '), titleCase('der älteste'), camelCase('a-b')].join('|')"),
        "ärger_über2||Der Älteste|aB"
    );
}

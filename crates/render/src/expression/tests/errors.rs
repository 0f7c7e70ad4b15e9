//! What is refused, and in which words.

use super::{compile, failure};
use crate::Limits;

/// The message and hint of a source that does not compile.
fn refused(source: &str) -> String {
    match compile(source) {
        Ok(_) => format!("{source} compiles"),
        Err(error) => {
            assert!(error.offset + error.length <= source.len(), "{source}: {error:?}");
            match error.hint {
                Some(hint) => format!("{}: {}; {hint}", error.offset, error.message),
                None => format!("{}: {}", error.offset, error.message),
            }
        }
    }
}

#[test]
fn what_is_no_part_of_the_subset_is_refused_with_the_way_to_write_it() {
    let cases = [
        ("x = 1", "0: an assignment cannot be used here; an expression changes nothing; did you mean `===`?"),
        ("x += 1", "0: an assignment cannot be used here; an expression changes nothing; did you mean `===`?"),
        ("x++", "1: `++` cannot be used in an expression; an expression changes nothing: write `x + 1` or `x - 1`"),
        ("new Date()", "0: `Date` is not available; write `now()`, `date(value, 'long')` or `moment(value)`"),
        ("this.a", "0: `this` cannot be used here; write `data` or the name of the row, such as `item`"),
        (
            "function () {}",
            "0: `function` cannot be used in an expression; write an arrow function: `item => item.price * item.quantity`",
        ),
        (
            "x => { return x }",
            "5: statements in `{ … }` cannot be used in an expression; write `x => x + 1`, or `x => ({ name: x })` to give an object",
        ),
        (
            "a.replace(/(?=x)/g, '')",
            "11: in this regular expression, looking around with `(?=` cannot be used; match more and keep a group, such as `text.match(/a(b)/)?.[1]`",
        ),
        ("tag`x`", "0: a tagged template cannot be used here; call the function with brackets: `upper(`text`)`"),
        (
            "delete a.b",
            "0: `delete` cannot be used in an expression; an expression changes nothing; choose what you need with `filter` or `({ a: x.a })`",
        ),
        ("a, 2", "0: a comma between expressions cannot be used here; write one expression only"),
        ("10n", "0: an integer with `n` cannot be used here; leave out the `n`"),
        (
            "a.__proto__",
            "2: `__proto__` cannot be read in an expression; objects here have only their own properties; to read one of this name use `Object.entries(x)`",
        ),
        (
            "a['constructor']",
            "2: `constructor` cannot be read in an expression; objects here have only their own properties; to read one of this name use `Object.entries(x)`",
        ),
        (
            "({ prototype: p }) => p",
            "3: `prototype` cannot be read in an expression; objects here have only their own properties; to read one of this name use `Object.entries(x)`",
        ),
        (
            "Math.random()",
            "5: `Math.random` is not available; a document must come out the same each time; put the number into the data",
        ),
        ("Date.now()", "0: `Date` is not available; write `now()`, `date(value, 'long')` or `moment(value)`"),
        (
            "window.x",
            "0: `window` is not available; an expression can only read `data`, `sys` and the names of the template",
        ),
        (
            "sys.pages",
            "4: `sys` has no `pages`; there are `sys.pageNumber`, `sys.totalPages`, `sys.now`, `sys.class` and `sys.classLabel`",
        ),
        (
            "sys",
            "0: `sys` is no value by itself; write `sys.pageNumber`, `sys.totalPages`, `sys.now`, `sys.class` or `sys.classLabel`",
        ),
        (
            "Math",
            "0: `Math` is no value by itself; write `Math.` and one of `abs`, `ceil`, `floor`, `round`, `trunc`, `sign`, `sqrt`, `cbrt`, `fround`, `clz32`, `imul`, `pow` and 30 more",
        ),
        ("a instanceof b", "0: `instanceof` cannot be used in an expression; use `typeof x` or `Array.isArray(x)`"),
        ("async x => x", "0: `async` cannot be used in an expression"),
        (
            "'abc",
            "0: this string is never closed; end it with the same quote; write `\\'` for a quote in it and `\\n` for a new line",
        ),
        ("(1 + 2", "0: this `(` is never closed; write `)` where it ends"),
        ("1 + 2)", "5: this `)` closes nothing; leave it out, or open it further in front"),
        ("", "0: the expression is empty; write a value, such as `data.number`"),
        ("  ", "0: the expression is empty; write a value, such as `data.number`"),
        ("'\\ud800'", "0: the string holds half a surrogate pair; write the whole character, such as `\\u{1F600}`"),
    ];
    for (source, expected) in cases {
        assert_eq!(refused(source), expected, "{source}");
    }
}

#[test]
fn damaged_sources_are_refused_without_a_panic() {
    let accepted: Vec<&str> = [
        "1 +",
        "a b",
        "1;2",
        "a..b",
        "?.",
        "a ? b",
        "[1,",
        "{a:}",
        "`${",
        "`${}`",
        "=>",
        "x =>",
        "...a",
        "@",
        "#",
        "#a in b",
        "a?.`x`",
        "yield 1",
        "await x",
        "import('x')",
        "import.meta",
        "new.target",
        "super.x",
        "class {}",
        "let x = 1",
        "if (a) b",
        "\u{0}",
        "\u{FEFF}",
        "a\u{2028}b",
        "//",
        "/* x",
        "<a/>",
        "a as b",
        "<b>a",
        "a!",
        "\\u0061",
        "'\\x4'",
        "08",
        "1__0",
        "({ a() {} })",
        "({ get a() { return 1 } })",
        "({ __proto__: x })",
        "x => x => {",
        "f(...)",
        "[...]",
        "({...})",
        "(a, b)",
        "a = b => c",
        "(a = 1)",
        "[a] = b",
    ]
    .into_iter()
    .filter(|source| compile(source).is_ok())
    .collect();
    assert_eq!(accepted, Vec::<&str>::new());
}

#[test]
fn errors_of_evaluation_say_where_and_how_it_would_be_right() {
    let cases = [
        ("datta.name", "0: `datta` is not known here; did you mean `data`?"),
        ("upperr('a')", "0: `upperr` is not known here; did you mean `upper`?"),
        ("customer.name", "0: `customer` is not known here; did you mean `data.customer`?"),
        ("data.customer.name()", "14: `name` is not a function; it is a string; leave out the brackets"),
        (
            "data.name.toFixed(2)",
            "10: a string has no method `toFixed`; the value is a string; write `Number(x).toFixed( … )`",
        ),
        (
            "data.name.match('a')",
            "10: this method needs a regular expression, but got a string; write one between slashes, such as `/[0-9]+/`; for a text use `includes` or `indexOf`",
        ),
        (
            "data.items.push(1)",
            "11: a list has no method `push`; an expression changes nothing; make a new list: `[...list, item]` or `list.slice(1)`",
        ),
        (
            "data.customer.map(x => x)",
            "14: an object has no method `map`; this is an object and no list; write `Object.values(x).map( … )`",
        ),
        (
            "data.price.split('.')",
            "11: a number has no method `split`; the value is a number; write `String(x).split( … )`",
        ),
        ("'a'.toUppercase()", "4: a string has no method `toUppercase`; did you mean `toUpperCase`?"),
        ("data.items.map('name')", "11: a string is not a function; give an arrow function: `item => item.price`"),
        ("'abc'.trim", "6: `trim` is a method and must be called; write `trim( … )`"),
        (
            "[].reduce((a, b) => a + b)",
            "3: `reduce` of an empty list needs a value to begin with; give it as the second argument: `list.reduce((sum, x) => sum + x, 0)`",
        ),
        ("money(5)", "0: the currency is missing; write `money(x, 'EUR')`, or give a field: `money(x, data.currency)`"),
        ("money(5, 'euro')", "0: `euro` is no currency; give the three letters of ISO 4217, such as 'EUR' or 'USD'"),
        ("number('abc')", "0: `number` needs a number, but got `abc`; numbers in texts must be written like `1234.56`"),
        (
            "date('31/12/2026')",
            "0: `date` needs a date, but got `31/12/2026`; write dates like '2026-03-15', or say how to read them: `moment(x, 'DD/MM/YYYY')`",
        ),
        (
            "date('2026-03-15', 'short', 'Mars/Base')",
            "0: `Mars/Base` is no time zone; write a name such as 'Europe/Berlin' or 'UTC'",
        ),
        (
            "moment('2026-03-15').add(1, 'fortnight')",
            "21: `fortnight` is no unit of time; use 'years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes' or 'seconds'",
        ),
        (
            "sum(data.customer)",
            "0: `sum` needs a list, but got an object; for the values of an object write `Object.values(x)`",
        ),
        ("(5).toFixed(101)", "4: the number of digits must be from 0 to 100"),
        ("(5).toString(1)", "4: `toString` needs a radix from 2 to 36"),
        (
            "(5).toLocaleString('not a tag')",
            "4: `not a tag` is no language tag; write a tag such as 'en-US' or 'de-DE'",
        ),
        (
            "number(1, { digits: 2 })",
            "0: numbers have no option `digits`; there are `decimals`, `minimumFractionDigits`, `maximumFractionDigits`, `useGrouping`, `style`, `currency`, `currencyDisplay` and `currencySign`",
        ),
        ("[...5]", "1: a number cannot be spread with `...`; spread a list: `[...data.items]`"),
        (
            "'a' in 'abc'",
            "0: `in` needs an object on its right, but this is a string; for strings and lists use `includes`",
        ),
        ("(5)(1)", "0: `(5)` is not a function"),
        (
            "numeral(5).format('abc')",
            "11: the format `abc` has no `0`; write a format such as `0,0.00`, `0.[00]`, `0%` or `$0,0.00`",
        ),
    ];
    for (source, expected) in cases {
        let error = failure(source, &Limits::default());
        let place = error.offset().map_or(String::new(), |offset| offset.to_string());
        let hint = error.hint().map_or(String::new(), |hint| format!("; {hint}"));
        assert_eq!(format!("{place}: {error}{hint}"), expected, "{source}");
        assert!(!error.is_limit(), "{source}");
    }
}

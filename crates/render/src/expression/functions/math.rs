//! Math: functions whose result is exact or computed in software, so that it is the same on every machine.

use super::Builtin;
use crate::expression::evaluate::{Machine, Outcome};
use crate::expression::methods::argument;
use crate::expression::value::{Value, to_uint32};

/// Constants of the namespaces.
pub(super) const CONSTANTS: &[(&str, &str, f64)] = &[
    ("Math", "PI", std::f64::consts::PI),
    ("Math", "E", std::f64::consts::E),
    ("Math", "SQRT2", std::f64::consts::SQRT_2),
    ("Math", "SQRT1_2", std::f64::consts::FRAC_1_SQRT_2),
    ("Math", "LN2", std::f64::consts::LN_2),
    ("Math", "LN10", std::f64::consts::LN_10),
    ("Math", "LOG2E", std::f64::consts::LOG2_E),
    ("Math", "LOG10E", std::f64::consts::LOG10_E),
    ("Number", "MAX_SAFE_INTEGER", 9_007_199_254_740_991.0),
    ("Number", "MIN_SAFE_INTEGER", -9_007_199_254_740_991.0),
    ("Number", "MAX_VALUE", f64::MAX),
    ("Number", "MIN_VALUE", 5e-324),
    ("Number", "EPSILON", f64::EPSILON),
    ("Number", "POSITIVE_INFINITY", f64::INFINITY),
    ("Number", "NEGATIVE_INFINITY", f64::NEG_INFINITY),
    ("Number", "NaN", f64::NAN),
];

macro_rules! math {
    ($(($name:literal, $signature:literal, $summary:literal, $example:literal, $result:literal, $call:expr),)*) => {
        &[$(Builtin {
            name: $name,
            signature: $signature,
            summary: $summary,
            example: $example,
            result: $result,
            call: $call,
        },)*]
    };
}

pub(super) const FUNCTIONS: &[Builtin] = math![
    ("Math.abs", "Math.abs(x)", "The size without the sign.", "Math.abs(-2.5)", "2.5", |_, a| one(a, f64::abs)),
    ("Math.ceil", "Math.ceil(x)", "The next integer above.", "Math.ceil(1.2)", "2", |_, a| one(a, f64::ceil)),
    ("Math.floor", "Math.floor(x)", "The next integer below.", "Math.floor(-1.2)", "-2", |_, a| one(a, f64::floor)),
    (
        "Math.round",
        "Math.round(x)",
        "The nearest integer, a half upwards.",
        "Math.round(2.5) + Math.round(-2.5)",
        "1",
        |_, a| one(a, round)
    ),
    ("Math.trunc", "Math.trunc(x)", "The integer without its decimals.", "Math.trunc(-1.8)", "-1", |_, a| one(
        a,
        f64::trunc
    )),
    ("Math.sign", "Math.sign(x)", "-1, 0 or 1.", "Math.sign(-3)", "-1", |_, a| one(a, sign)),
    ("Math.sqrt", "Math.sqrt(x)", "The square root.", "Math.sqrt(2.25)", "1.5", |_, a| one(a, f64::sqrt)),
    ("Math.cbrt", "Math.cbrt(x)", "The cube root.", "Math.cbrt(27)", "3", |_, a| one(a, libm::cbrt)),
    ("Math.fround", "Math.fround(x)", "The nearest number of 32 bits.", "Math.fround(5.5)", "5.5", |_, a| one(
        a, single
    )),
    ("Math.clz32", "Math.clz32(x)", "The leading zero bits of 32.", "Math.clz32(1)", "31", |_, a| one(a, |x| {
        f64::from(to_uint32(x).leading_zeros())
    })),
    ("Math.imul", "Math.imul(a, b)", "The product of 32-bit integers.", "Math.imul(3, 4)", "12", |_, a| {
        let product = to_uint32(argument(a, 0).as_number()).wrapping_mul(to_uint32(argument(a, 1).as_number()));
        Ok(Value::Number(f64::from(product.cast_signed())))
    }),
    ("Math.pow", "Math.pow(x, y)", "The power, like `x ** y`.", "Math.pow(2, 10)", "1024", |_, a| {
        Ok(Value::Number(crate::expression::evaluate::power(argument(a, 0).as_number(), argument(a, 1).as_number())))
    }),
    ("Math.exp", "Math.exp(x)", "The power of e.", "Math.exp(0)", "1", |_, a| one(a, libm::exp)),
    ("Math.expm1", "Math.expm1(x)", "`Math.exp(x) - 1`, exact near zero.", "Math.expm1(0)", "0", |_, a| one(
        a,
        libm::expm1
    )),
    ("Math.log", "Math.log(x)", "The natural logarithm.", "Math.log(Math.E)", "1", |_, a| one(a, libm::log)),
    ("Math.log1p", "Math.log1p(x)", "`Math.log(1 + x)`, exact near zero.", "Math.log1p(0)", "0", |_, a| one(
        a,
        libm::log1p
    )),
    ("Math.log2", "Math.log2(x)", "The logarithm to base 2.", "Math.log2(8)", "3", |_, a| one(a, libm::log2)),
    ("Math.log10", "Math.log10(x)", "The logarithm to base 10.", "Math.log10(1000)", "3", |_, a| one(a, libm::log10)),
    (
        "Math.sin",
        "Math.sin(x)",
        "The sine of an angle in radians.",
        "round(Math.sin(Math.PI / 6), 3)",
        "0.5",
        |_, a| one(a, libm::sin)
    ),
    ("Math.cos", "Math.cos(x)", "The cosine of an angle in radians.", "Math.cos(0)", "1", |_, a| one(a, libm::cos)),
    ("Math.tan", "Math.tan(x)", "The tangent of an angle in radians.", "Math.tan(0)", "0", |_, a| one(a, libm::tan)),
    ("Math.asin", "Math.asin(x)", "The angle of a sine, in radians.", "round(Math.asin(1), 3)", "1.571", |_, a| one(
        a,
        libm::asin
    )),
    ("Math.acos", "Math.acos(x)", "The angle of a cosine, in radians.", "Math.acos(1)", "0", |_, a| one(a, libm::acos)),
    ("Math.atan", "Math.atan(x)", "The angle of a tangent, in radians.", "Math.atan(0)", "0", |_, a| one(
        a,
        libm::atan
    )),
    ("Math.sinh", "Math.sinh(x)", "The hyperbolic sine.", "Math.sinh(0)", "0", |_, a| one(a, libm::sinh)),
    ("Math.cosh", "Math.cosh(x)", "The hyperbolic cosine.", "Math.cosh(0)", "1", |_, a| one(a, libm::cosh)),
    ("Math.tanh", "Math.tanh(x)", "The hyperbolic tangent.", "Math.tanh(0)", "0", |_, a| one(a, libm::tanh)),
    ("Math.asinh", "Math.asinh(x)", "The inverse hyperbolic sine.", "Math.asinh(0)", "0", |_, a| one(a, libm::asinh)),
    ("Math.acosh", "Math.acosh(x)", "The inverse hyperbolic cosine.", "Math.acosh(1)", "0", |_, a| one(a, libm::acosh)),
    ("Math.atanh", "Math.atanh(x)", "The inverse hyperbolic tangent.", "Math.atanh(0)", "0", |_, a| one(
        a,
        libm::atanh
    )),
    ("Math.atan2", "Math.atan2(y, x)", "The angle of a point, in radians.", "Math.atan2(0, 1)", "0", |_, a| {
        Ok(Value::Number(libm::atan2(argument(a, 0).as_number(), argument(a, 1).as_number())))
    }),
    ("Math.hypot", "Math.hypot(x, …)", "The square root of the sum of squares.", "Math.hypot(3, 4)", "5", hypot),
    ("Math.min", "Math.min(x, …)", "The least argument.", "Math.min(3, 1, 2)", "1", |_, a| Ok(extreme(
        a,
        f64::INFINITY,
        |x, best| x < best || (x == best && x.is_sign_negative())
    ))),
    ("Math.max", "Math.max(x, …)", "The greatest argument.", "Math.max(...[3, 1, 2])", "3", |_, a| Ok(extreme(
        a,
        f64::NEG_INFINITY,
        |x, best| x > best || (x == best && x.is_sign_positive())
    ))),
    (
        "Number.isInteger",
        "Number.isInteger(x)",
        "Whether it is a number without decimals.",
        "Number.isInteger(3.0)",
        "true",
        |_, a| test(a, |x| x.is_finite() && x.fract() == 0.0)
    ),
    (
        "Number.isSafeInteger",
        "Number.isSafeInteger(x)",
        "Whether it is an integer that is held exactly.",
        "Number.isSafeInteger(2 ** 53)",
        "false",
        |_, a| test(a, |x| x.fract() == 0.0 && x.abs() <= 9_007_199_254_740_991.0)
    ),
    (
        "Number.isFinite",
        "Number.isFinite(x)",
        "Whether it is a number and finite.",
        "Number.isFinite('12')",
        "false",
        |_, a| test(a, f64::is_finite)
    ),
    ("Number.isNaN", "Number.isNaN(x)", "Whether it is the number `NaN`.", "Number.isNaN(0 / 0)", "true", |_, a| test(
        a,
        f64::is_nan
    )),
    (
        "Number.parseInt",
        "Number.parseInt(text, radix?)",
        "The same as `parseInt`.",
        "Number.parseInt('12.9')",
        "12",
        super::global::parse_int
    ),
    (
        "Number.parseFloat",
        "Number.parseFloat(text)",
        "The same as `parseFloat`.",
        "Number.parseFloat('1.5e1x')",
        "15",
        super::global::parse_float
    ),
];

fn one<'d>(arguments: &[Value<'d>], compute: impl Fn(f64) -> f64) -> Outcome<'d> {
    Ok(Value::Number(compute(argument(arguments, 0).as_number())))
}

/// Tests a number; what is none fails without conversion.
fn test<'d>(arguments: &[Value<'d>], check: impl Fn(f64) -> bool) -> Outcome<'d> {
    Ok(Value::Bool(matches!(arguments.first(), Some(Value::Number(number)) if check(*number))))
}

/// Rounds a half upwards, towards positive infinity (ECMA-262 21.3.2.28).
fn round(x: f64) -> f64 {
    let floor = x.floor();
    // What is rounded up to zero from below keeps its sign.
    if x - floor >= 0.5 { (floor + 1.0).copysign(x) } else { floor }
}

fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

#[expect(clippy::cast_possible_truncation, reason = "rounding to 32 bits is the purpose")]
fn single(x: f64) -> f64 {
    f64::from(x as f32)
}

fn hypot<'d>(_machine: &mut Machine<'_, '_, 'd>, arguments: &[Value<'d>]) -> Outcome<'d> {
    let numbers = || arguments.iter().map(Value::as_number);
    if numbers().any(f64::is_infinite) {
        return Ok(Value::Number(f64::INFINITY));
    }
    let largest = numbers().map(f64::abs).fold(0.0, |largest, x| if x > largest || x.is_nan() { x } else { largest });
    if largest == 0.0 || largest.is_nan() {
        return Ok(Value::Number(largest));
    }
    // Scaling keeps the squares of large and small numbers in range.
    let squares: f64 = numbers().map(|x| (x / largest) * (x / largest)).sum();
    Ok(Value::Number(squares.sqrt() * largest))
}

fn extreme<'d>(arguments: &[Value<'d>], start: f64, better: impl Fn(f64, f64) -> bool) -> Value<'d> {
    let mut best = start;
    for number in arguments.iter().map(Value::as_number) {
        if number.is_nan() {
            return Value::Number(f64::NAN);
        }
        if better(number, best) {
            best = number;
        }
    }
    Value::Number(best)
}

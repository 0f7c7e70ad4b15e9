//! Colour spaces of a page: those of any device, profiles, inks.

use hayro::hayro_syntax::object::{Array, Name, Object, Stream};
use hayro::hayro_syntax::page::Resources;

use super::{Examiner, Matter};

/// Colour spaces made of each other; a pattern of an indexed ink takes three.
const SPACE_DEPTH_MAX: usize = 8;

/// Where in a profile its version, class and space stand (ICC.1, 7.2).
const VERSION_AT: usize = 8;
const CLASS_AT: usize = 12;
const SPACE_AT: usize = 16;

impl Examiner {
    /// A colour of a device, unless the resources say by a profile what it means.
    pub(super) fn device(&mut self, name: &[u8], resources: &Resources<'_>) {
        let (default, matter, what) = match name {
            b"DeviceRGB" => ("DefaultRGB", Matter::Rgb, "a colour is in RGB without a profile"),
            b"DeviceCMYK" => ("DefaultCMYK", Matter::Cmyk, "a colour is in CMYK without a profile"),
            _ => return,
        };
        match resources.color_spaces.get::<Array<'_>>(default) {
            Some(space) => self.space_of_array(&space, resources, 0),
            None => self.add(matter, what),
        }
    }

    pub(super) fn space_by_name(&mut self, name: &[u8], resources: &Resources<'_>) {
        match name {
            b"DeviceGray" | b"Pattern" => {}
            b"DeviceRGB" | b"DeviceCMYK" => self.device(name, resources),
            _ => {
                if let Some(space) = resources.color_spaces.get::<Object<'_>>(name) {
                    self.space(&space, resources, 0);
                }
            }
        }
    }

    pub(super) fn space(&mut self, space: &Object<'_>, resources: &Resources<'_>, depth: usize) {
        match space {
            Object::Name(name) if matches!(&**name, b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" | b"Pattern") => {
                self.device(name, resources);
            }
            Object::Name(name) if depth < SPACE_DEPTH_MAX => {
                if let Some(space) = resources.color_spaces.get::<Object<'_>>(&**name) {
                    self.space(&space, resources, depth + 1);
                }
            }
            Object::Array(space) => self.space_of_array(space, resources, depth),
            _ => {}
        }
    }

    fn space_of_array(&mut self, space: &Array<'_>, resources: &Resources<'_>, depth: usize) {
        if depth > SPACE_DEPTH_MAX {
            self.add(Matter::Profile, "a colour space leads back to itself");
            return;
        }
        let mut parts = space.flex_iter();
        let Some(kind) = parts.next::<Name<'_>>() else { return };
        match &*kind {
            b"DeviceRGB" | b"DeviceCMYK" => self.device(&kind, resources),
            b"ICCBased" => {
                let profile = parts.next::<Stream<'_>>();
                profile.iter().for_each(|profile| self.profile(profile));
            }
            b"Indexed" | b"I" | b"Pattern" => {
                let base = parts.next::<Object<'_>>();
                base.iter().for_each(|base| self.space(base, resources, depth + 1));
            }
            b"Separation" | b"DeviceN" => {
                self.add(Matter::Ink, "a colour is an ink whose recipe is not compared with others of its name");
                let _name = parts.next::<Object<'_>>();
                let alternate = parts.next::<Object<'_>>();
                alternate.iter().for_each(|alternate| self.space(alternate, resources, depth + 1));
            }
            b"DeviceGray" | b"CalGray" | b"CalRGB" | b"Lab" => {}
            _ => self.add(Matter::Profile, "a colour space is none of those there are"),
        }
    }

    fn profile(&mut self, stream: &Stream<'_>) {
        if !self.is_new(stream.obj_id()) {
            return;
        }
        let Ok(data) = stream.decoded() else {
            self.add(Matter::Profile, "a colour profile cannot be read");
            return;
        };
        let field = |at: usize| data.get(at..at + 4).unwrap_or_default();
        let channels = match field(SPACE_AT) {
            b"GRAY" => 1,
            b"RGB " | b"Lab " => 3,
            b"CMYK" => 4,
            _ => 0,
        };
        let is_class = matches!(field(CLASS_AT), b"mntr" | b"prtr" | b"scnr" | b"spac");
        if !is_class || stream.dict().get::<i32>("N") != Some(channels) {
            self.add(Matter::Profile, "a colour profile is not one for pictures, or has another number of channels");
        }
        match data.get(VERSION_AT) {
            Some(0..=2) => {}
            Some(3..=4) => self.add(Matter::NewProfile, "a colour profile is of version 4"),
            _ => self.add(Matter::Profile, "a colour profile is newer than version 4"),
        }
    }
}

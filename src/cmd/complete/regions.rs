//! The regions of AWS, for completions and for what is mistyped: a region that is not named here works all the same.
//!
//! <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>

use crate::cli;
use crate::near::Typed;
use crate::profiles::did_you_mean;

/// Names and places.
pub(super) const REGIONS: [(&str, &str); 39] = [
    ("af-south-1", "Africa (Cape Town)"),
    ("ap-east-1", "Asia Pacific (Hong Kong)"),
    ("ap-east-2", "Asia Pacific (Taipei)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-northeast-3", "Asia Pacific (Osaka)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-south-2", "Asia Pacific (Hyderabad)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ap-southeast-3", "Asia Pacific (Jakarta)"),
    ("ap-southeast-4", "Asia Pacific (Melbourne)"),
    ("ap-southeast-5", "Asia Pacific (Malaysia)"),
    ("ap-southeast-6", "Asia Pacific (New Zealand)"),
    ("ap-southeast-7", "Asia Pacific (Thailand)"),
    ("ca-central-1", "Canada (Central)"),
    ("ca-west-1", "Canada West (Calgary)"),
    ("cn-north-1", "China (Beijing)"),
    ("cn-northwest-1", "China (Ningxia)"),
    ("eu-central-1", "Europe (Frankfurt)"),
    ("eu-central-2", "Europe (Zurich)"),
    ("eu-north-1", "Europe (Stockholm)"),
    ("eu-south-1", "Europe (Milan)"),
    ("eu-south-2", "Europe (Spain)"),
    ("eu-west-1", "Europe (Ireland)"),
    ("eu-west-2", "Europe (London)"),
    ("eu-west-3", "Europe (Paris)"),
    ("eusc-de-east-1", "European Sovereign Cloud (Brandenburg)"),
    ("il-central-1", "Israel (Tel Aviv)"),
    ("me-central-1", "Middle East (UAE)"),
    ("me-south-1", "Middle East (Bahrain)"),
    ("mx-central-1", "Mexico (Central)"),
    ("sa-east-1", "South America (São Paulo)"),
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-gov-east-1", "AWS GovCloud (US-East)"),
    ("us-gov-west-1", "AWS GovCloud (US-West)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
];

/// Where in its area a region is.
const DIRECTIONS: [&str; 9] = [
    "central",
    "east",
    "north",
    "northeast",
    "northwest",
    "south",
    "southeast",
    "southwest",
    "west",
];

/// A place that people write has so many letters at least.
const SHORTEST: usize = 4;

/// What is written in the place of a region.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::cmd) enum Standing {
    Known,
    /// A zone of this region.
    Zone(&'static str),
    /// Where this region is.
    Place(&'static str),
    /// A slip of one of these.
    Slip(Vec<&'static str>),
    /// It may be a region.
    Unknown,
    /// It cannot be the name of any.
    Malformed,
}

/// What to say of a region that looks like a slip for another one.
pub(in crate::cmd) fn doubt(region: &str) -> Option<String> {
    let meant = match standing(region) {
        Standing::Zone(of) | Standing::Place(of) => vec![of.to_owned()],
        Standing::Slip(near) => near.into_iter().map(str::to_owned).collect(),
        Standing::Known | Standing::Unknown | Standing::Malformed => return None,
    };
    let hint = did_you_mean("", &meant)?;
    Some(format!(
        "`{region}` is not a region that stsx knows; {hint}"
    ))
}

/// What a text is as the name of a region. AWS opens new ones, and some are not public, so one that is only
/// unknown is no slip.
pub(in crate::cmd) fn standing(text: &str) -> Standing {
    let names = || REGIONS.iter().map(|(name, _)| *name);
    if names().any(|name| name == text) {
        return Standing::Known;
    }
    if let Some(region) = names().find(|name| is_zone_of(text, name)) {
        return Standing::Zone(region);
    }
    if let Some(region) = at(text) {
        return Standing::Place(region);
    }
    let is_formed = cli::region(text).is_ok();
    if is_formed && is_of_kin(text) {
        return Standing::Unknown;
    }
    let typed = Typed::new(text);
    // Another two letters before a direction are a new country rather than two slips.
    let allowed = if has_direction(text) { 1 } else { usize::MAX };
    let slips = |name| typed.slips(name).filter(|slips| *slips <= allowed);
    match names().filter_map(slips).min() {
        Some(least) => Standing::Slip(names().filter(|name| slips(name) == Some(least)).collect()),
        None if is_formed => Standing::Unknown,
        None => Standing::Malformed,
    }
}

/// Whether it is an availability zone (`us-east-1a`), or a zone elsewhere of the region (`us-east-1-bos-1a`):
/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html>
fn is_zone_of(text: &str, region: &str) -> bool {
    let ends_in_letter = |text: &str| {
        let mut ends = text.bytes().rev();
        ends.next().is_some_and(|byte| byte.is_ascii_lowercase())
            && ends.next().is_none_or(|byte| byte.is_ascii_digit())
    };
    match text
        .strip_prefix(region)
        .map(|rest| rest.strip_prefix('-').ok_or(rest))
    {
        Some(Ok(elsewhere)) => elsewhere.contains("wlz") || ends_in_letter(elsewhere),
        Some(Err(letter)) => letter.len() == 1 && ends_in_letter(letter),
        None => false,
    }
}

/// The region at a place that has only one: `N. Virginia`, `Europe (Ireland)`.
fn at(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    if text.chars().count() < SHORTEST {
        return None;
    }
    let is_there = |place: &str| {
        let place = place.to_lowercase();
        let words = place.split(|char: char| !char.is_alphanumeric());
        place.contains(&text)
            && (text.contains([' ', '.', '(']) || words.clone().any(|word| word == text))
    };
    let mut found = REGIONS.iter().filter(|(_, place)| is_there(place));
    let (region, _) = found.next()?;
    found.next().is_none().then_some(*region)
}

/// Whether it is written as a region of an area that has some is: `eu-west-9`, `us-iso-east-1`.
fn is_of_kin(text: &str) -> bool {
    let areas = || REGIONS.iter().filter_map(|(name, _)| area(name));
    has_direction(text)
        && area(text)
            .is_some_and(|area| area.contains("-iso") || areas().any(|known| known == area))
}

fn has_direction(text: &str) -> bool {
    let Some((rest, number)) = text.rsplit_once('-') else {
        return false;
    };
    let direction = rest.rsplit_once('-').map(|(_, direction)| direction);
    number.len() == 1
        && number.parse::<u8>().is_ok()
        && direction.is_some_and(|word| DIRECTIONS.contains(&word))
}

/// What comes before the direction.
fn area(region: &str) -> Option<&str> {
    Some(region.rsplit_once('-')?.0.rsplit_once('-')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_regions_to_come() {
        for (region, near) in [
            ("us-esat-1", Some("us-east-1")),
            ("eu-centarl-1", Some("eu-central-1")),
            ("eu-west1", Some("eu-west-1")),
            ("us-east-11", Some("us-east-1")),
            ("us-east-1", None),
            ("us-east-3", None),
            ("us-gov-east-1", None),
            ("us-iso-east-1", None),
            ("us-isob-east-1", None),
            ("eu-isoe-west-1", None),
            ("moon", None),
        ] {
            let words = doubt(region);
            let said = near.map(|near| {
                format!("`{region}` is not a region that stsx knows; did you mean `{near}`?")
            });
            assert_eq!(words, said, "{region}");
        }
    }

    #[test]
    fn regions_are_told_from_what_only_looks_like_one() {
        for (name, _) in REGIONS {
            assert_eq!(standing(name), Standing::Known, "{name}");
        }
        let slip = |of: &[&'static str]| Standing::Slip(of.to_vec());
        for (text, expected) in [
            ("us-esat-1", slip(&["us-east-1"])),
            ("eu-cental-1", slip(&["eu-central-1"])),
            ("us-est-1", slip(&["us-east-1", "us-west-1"])),
            ("US-EAST-1", slip(&["us-east-1"])),
            ("eu_west_1", slip(&["eu-west-1"])),
            ("us-east1", slip(&["us-east-1"])),
            ("ue-central-1", slip(&["eu-central-1", "me-central-1"])),
            ("us-east-1a", Standing::Zone("us-east-1")),
            ("us-gov-west-1b", Standing::Zone("us-gov-west-1")),
            ("us-west-2-lax-1a", Standing::Zone("us-west-2")),
            ("us-east-1-wl1-bos-wlz-1", Standing::Zone("us-east-1")),
            ("N. Virginia", Standing::Place("us-east-1")),
            ("Europe (Ireland)", Standing::Place("eu-west-1")),
            ("london", Standing::Place("eu-west-2")),
            ("us-iso-east-1", Standing::Unknown),
            ("eu-isoe-west-1", Standing::Unknown),
            ("us-east-9", Standing::Unknown),
            ("nz-central-1", Standing::Unknown),
            ("us-east-1-fips", Standing::Unknown),
            ("aws-global", Standing::Unknown),
            ("local", Standing::Unknown),
            ("Europe", Standing::Malformed),
            ("my region", Standing::Malformed),
        ] {
            assert_eq!(standing(text), expected, "{text}");
        }
    }
}

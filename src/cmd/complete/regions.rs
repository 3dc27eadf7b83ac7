//! The regions of AWS, for completions and slips of the keyboard: a region that is not named here works all the same.
//!
//! <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>

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

/// What to say of a region that looks like a slip for another one. One that differs by its number alone may be younger
/// than this list.
pub(in crate::cmd) fn doubt(region: &str) -> Option<String> {
    const NEAR: usize = 2;
    let stem = |name: &str| {
        name.strip_suffix(|last: char| last.is_ascii_digit())
            .map(str::to_owned)
    };
    let own = stem(region);
    let is_known = |(name, _): &(&str, &str)| *name == region || own.is_some() && stem(name) == own;
    if REGIONS.iter().any(is_known) {
        return None;
    }
    let distance =
        |(name, _): &(&'static str, &str)| (strsim::damerau_levenshtein(region, name), *name);
    let (_, near) = REGIONS
        .iter()
        .map(distance)
        .filter(|(far, _)| *far <= NEAR)
        .min()?;
    Some(format!(
        "`{region}` is not a region that stsx knows; did you mean `{near}`?"
    ))
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
}

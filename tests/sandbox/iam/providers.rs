//! Identity providers that an account trusts.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html>

use super::super::wire::{Refusal, Xml, constraint, invalid, list, refuse, tag_list, text};
use super::super::world::OidcProvider;
use super::{Task, done};

impl Task<'_> {
    pub(super) fn oidc_provider(self) -> Result<Xml, Refusal> {
        match self.call.operation.as_str() {
            "CreateOpenIDConnectProvider" => self.create_oidc(),
            "GetOpenIDConnectProvider" => self.get_oidc(),
            "ListOpenIDConnectProviders" => Ok(self.list_oidc()),
            "DeleteOpenIDConnectProvider" => self.delete_oidc(),
            "AddClientIDToOpenIDConnectProvider" => self.add_audience(),
            "RemoveClientIDFromOpenIDConnectProvider" => self.remove_audience(),
            other => {
                let message = format!("Could not find operation {other} for version 2010-05-08");
                Err(refuse(400, "InvalidAction", message))
            }
        }
    }

    fn create_oidc(mut self) -> Result<Xml, Refusal> {
        let sent = self.call.need("Url")?;
        if sent.is_empty() || sent.len() > 255 {
            return Err(constraint(
                sent,
                "url",
                "have length less than or equal to 255",
            ));
        }
        let url = sent
            .strip_prefix("https://")
            .filter(|url| !url.is_empty() && !url.contains(['?', '#', '@', ' ']))
            .ok_or_else(|| invalid("Invalid Open ID Connect Provider URL"))?;
        let arn = self.oidc_arn(url);
        if self.account().oidc.contains_key(&arn) {
            let message = format!("Provider with url {sent} already exists.");
            return Err(refuse(409, "EntityAlreadyExists", message));
        }
        let owned = |name: &str| self.call.members(name, "").into_iter().map(str::to_owned);
        let provider = OidcProvider {
            url: url.to_owned(),
            audiences: owned("ClientIDList").collect(),
            thumbprints: owned("ThumbprintList").collect(),
            created: self.world.now(),
            tags: self.call.tags()?,
        };
        require_thumbprints(&provider.thumbprints)?;
        let mut result = vec![("OpenIDConnectProviderArn", text(&arn))];
        if !provider.tags.is_empty() {
            result.push(("Tags", tag_list(&provider.tags)));
        }
        self.account_mut().oidc.insert(arn, provider);
        Ok(Xml::Tree(result))
    }

    fn get_oidc(mut self) -> Result<Xml, Refusal> {
        let provider = self.found_oidc()?;
        Ok(Xml::Tree(vec![
            ("Url", text(&provider.url)),
            ("ClientIDList", list(provider.audiences.iter().map(text))),
            (
                "ThumbprintList",
                list(provider.thumbprints.iter().map(text)),
            ),
            ("CreateDate", text(provider.created)),
            ("Tags", tag_list(&provider.tags)),
        ]))
    }

    fn list_oidc(&self) -> Xml {
        let all = self.account().oidc.keys();
        let all = all.map(|arn| Xml::Tree(vec![("Arn", text(arn))]));
        Xml::Tree(vec![("OpenIDConnectProviderList", list(all))])
    }

    /// One that is not there counts as deleted.
    fn delete_oidc(mut self) -> Result<Xml, Refusal> {
        let arn = self.call.need("OpenIDConnectProviderArn")?;
        self.account_mut().oidc.remove(arn);
        Ok(done())
    }

    fn add_audience(mut self) -> Result<Xml, Refusal> {
        let audience = self.call.need("ClientID")?.to_owned();
        self.found_oidc()?.audiences.insert(audience);
        Ok(done())
    }

    fn remove_audience(mut self) -> Result<Xml, Refusal> {
        let audience = self.call.need("ClientID")?.to_owned();
        self.found_oidc()?.audiences.remove(&audience);
        Ok(done())
    }

    fn found_oidc(&mut self) -> Result<&mut OidcProvider, Refusal> {
        let arn = self.call.need("OpenIDConnectProviderArn")?;
        let message = format!("OpenIDConnect Provider not found for arn {arn}");
        let found = self.account_mut().oidc.get_mut(arn);
        found.ok_or_else(|| refuse(404, "NoSuchEntity", message))
    }

    /// `arn:aws:iam::ACCOUNT:oidc-provider/HOST/PATH`
    pub(super) fn oidc_arn(&self, url: &str) -> String {
        let resource = format!("oidc-provider/{}", url.trim_start_matches("https://"));
        self.world.arn("iam", &self.caller.account, &resource)
    }
}

/// None is needed any more; those that are sent are SHA-1 in hex.
fn require_thumbprints(thumbprints: &[String]) -> Result<(), Refusal> {
    if thumbprints.len() > 5 {
        let message = "Thumbprint list must contain fewer than 5 entries.";
        return Err(refuse(400, "InvalidInput", message));
    }
    let wrong = thumbprints.iter().find(|one| one.len() != 40);
    match wrong {
        Some(short) => Err(constraint(
            short,
            "thumbprintList",
            "have length greater than or equal to 40",
        )),
        None => Ok(()),
    }
}

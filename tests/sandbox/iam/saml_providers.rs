//! SAML identity providers that an account trusts.
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html>

use jiff::{SignedDuration, Timestamp};

use super::super::saml::Metadata;
use super::super::wire::{Refusal, Xml, constraint, list, refuse, tag_list, text};
use super::super::world::{SamlProvider, UPPER, random};
use super::{Task, done};

impl Task<'_> {
    pub(super) fn saml_provider(self) -> Result<Xml, Refusal> {
        match self.call.operation.as_str() {
            "CreateSAMLProvider" => self.create_saml(),
            "GetSAMLProvider" => self.get_saml(),
            "ListSAMLProviders" => Ok(self.list_saml()),
            "UpdateSAMLProvider" => self.update_saml(),
            "DeleteSAMLProvider" => self.delete_saml(),
            other => {
                let message = format!("Could not find operation {other} for version 2010-05-08");
                Err(refuse(400, "InvalidAction", message))
            }
        }
    }

    fn create_saml(mut self) -> Result<Xml, Refusal> {
        let document = self.call.need("SAMLMetadataDocument")?;
        self.call.need("Name")?;
        let name = self.call.word("Name", (1, 128), ".-")?;
        let name = name.unwrap_or_default();
        let metadata = metadata(document)?;
        let arn = self.saml_arn(name);
        if self.account().saml.contains_key(&arn) {
            let message = format!("SAMLProvider with name {name} already exists.");
            return Err(refuse(409, "EntityAlreadyExists", message));
        }
        let provider = SamlProvider {
            name: name.to_owned(),
            uuid: format!("ASAMLP{}", random(22, UPPER)),
            document: document.to_owned(),
            metadata,
            created: self.world.now(),
            tags: self.call.tags()?,
        };
        let mut result = vec![("SAMLProviderArn", text(&arn))];
        if !provider.tags.is_empty() {
            result.push(("Tags", tag_list(&provider.tags)));
        }
        self.account_mut().saml.insert(arn, provider);
        Ok(Xml::Tree(result))
    }

    fn get_saml(mut self) -> Result<Xml, Refusal> {
        let provider = self.found_saml()?;
        Ok(Xml::Tree(vec![
            ("SAMLProviderUUID", text(&provider.uuid)),
            ("SAMLMetadataDocument", text(&provider.document)),
            ("CreateDate", text(provider.created)),
            ("ValidUntil", text(valid_until(provider))),
            ("Tags", tag_list(&provider.tags)),
        ]))
    }

    fn list_saml(&self) -> Xml {
        let all = self.account().saml.iter().map(|(arn, provider)| {
            Xml::Tree(vec![
                ("Arn", text(arn)),
                ("ValidUntil", text(valid_until(provider))),
                ("CreateDate", text(provider.created)),
            ])
        });
        Xml::Tree(vec![("SAMLProviderList", list(all))])
    }

    fn update_saml(mut self) -> Result<Xml, Refusal> {
        let document = self.call.need("SAMLMetadataDocument")?;
        let metadata = metadata(document)?;
        let arn = self.call.need("SAMLProviderArn")?;
        let provider = self.found_saml()?;
        provider.metadata = metadata;
        document.clone_into(&mut provider.document);
        Ok(Xml::Tree(vec![("SAMLProviderArn", text(arn))]))
    }

    fn delete_saml(mut self) -> Result<Xml, Refusal> {
        self.found_saml()?;
        let arn = self.call.need("SAMLProviderArn")?;
        self.account_mut().saml.remove(arn);
        Ok(done())
    }

    fn found_saml(&mut self) -> Result<&mut SamlProvider, Refusal> {
        let arn = self.call.need("SAMLProviderArn")?;
        let message = format!("Manifest not found for arn {arn}");
        let found = self.account_mut().saml.get_mut(arn);
        found.ok_or_else(|| refuse(404, "NoSuchEntity", message))
    }

    /// `arn:aws:iam::ACCOUNT:saml-provider/NAME`
    pub(super) fn saml_arn(&self, name: &str) -> String {
        let resource = format!("saml-provider/{name}");
        self.world.arn("iam", &self.caller.account, &resource)
    }
}

fn metadata(document: &str) -> Result<Metadata, Refusal> {
    if document.len() < 1000 {
        let wish = "have length greater than or equal to 1000";
        return Err(constraint(document, "sAMLMetadataDocument", wish));
    }
    let read = Metadata::read(document);
    read.ok_or_else(|| refuse(400, "InvalidInput", "Could not parse metadata"))
}

/// A provider that names no end lasts a hundred years.
fn valid_until(provider: &SamlProvider) -> Timestamp {
    let century = SignedDuration::from_hours(24 * 365 * 100);
    let end = provider.metadata.valid_until;
    end.unwrap_or(provider.created + century)
}

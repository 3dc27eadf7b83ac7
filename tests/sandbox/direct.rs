//! Building the world past the wire, by the same rules: for tests that are about something else.

use super::{Keys, Sandbox, iam, keys, world};

impl Sandbox {
    /// Calls an IAM operation of this account as its root user, past the wire but by the same rules:
    /// `iam(ACCOUNT, "CreateUser", &[("UserName", "James")])`. The error is AWS's code and message.
    pub(crate) fn iam(
        &self,
        account: &str,
        operation: &str,
        parameters: &[(&str, &str)],
    ) -> Result<(), String> {
        self.account(account);
        let mut world = self.lock();
        iam::direct(&mut world, account, operation, parameters)
    }

    /// A user of this account, and their keys.
    pub(crate) fn user(&self, account: &str, name: &str) -> Keys {
        self.must(account, "CreateUser", &[("UserName", name)]);
        self.must(account, "CreateAccessKey", &[("UserName", name)]);
        let world = self.lock();
        let user = world.accounts[account].entity(world::Kind::User, name);
        let key = user.and_then(|user| user.keys.last());
        keys(account, key.expect("just created"))
    }

    /// A role of this account, `deploy` or `team/deploy` with a path, with a trust policy in JSON. Returns its ARN.
    pub(crate) fn role(&self, account: &str, name: &str, trust: &str) -> String {
        let (path, name) = name.rsplit_once('/').map_or_else(
            || ("/".to_owned(), name),
            |(path, name)| (format!("/{}/", path.trim_start_matches('/')), name),
        );
        let parameters = [
            ("RoleName", name),
            ("Path", &*path),
            ("AssumeRolePolicyDocument", trust),
        ];
        self.must(account, "CreateRole", &parameters);
        let world = self.lock();
        let role = world.accounts[account].entity(world::Kind::Role, name);
        role.expect("just created").arn.clone()
    }

    /// Gives a user (`user/James`), group or role an inline policy in JSON, named `policy`.
    pub(crate) fn policy(&self, account: &str, holder: &str, document: &str) {
        let (kind, name) = holder.split_once('/').expect("`user/James`");
        let title = format!("{}{}", kind[..1].to_uppercase(), &kind[1..]);
        let named = format!("{title}Name");
        let parameters = [
            (&*named, name),
            ("PolicyName", "policy"),
            ("PolicyDocument", document),
        ];
        self.must(account, &format!("Put{title}Policy"), &parameters);
    }

    /// A virtual MFA device of a user, enabled. Returns its serial number.
    pub(crate) fn device(&self, account: &str, user: &str) -> String {
        self.device_named(account, user, user)
    }

    /// The same with a name of its own: a user may have several.
    pub(crate) fn device_named(&self, account: &str, user: &str, name: &str) -> String {
        let named = ("VirtualMFADeviceName", name);
        self.must(account, "CreateVirtualMFADevice", &[named]);
        let serial = self.lock().arn("iam", account, &format!("mfa/{name}"));
        let (first, second) = self.last_codes(&serial);
        let parameters = [
            ("UserName", user),
            ("SerialNumber", &*serial),
            ("AuthenticationCode1", &*first),
            ("AuthenticationCode2", &*second),
        ];
        self.must(account, "EnableMFADevice", &parameters);
        serial
    }

    /// A user of this account who has these keys, which were chosen beforehand.
    pub(crate) fn user_with(&self, keys: &Keys, name: &str) {
        self.must(&keys.account, "CreateUser", &[("UserName", name)]);
        let mut world = self.lock();
        let key = world::Key {
            id: keys.access_key_id.clone(),
            secret: keys.secret.clone(),
            ..world.new_key()
        };
        world.secrets.push(key.secret.clone());
        let account = world.accounts.get_mut(&keys.account);
        let user = account.and_then(|account| account.entity_mut(world::Kind::User, name));
        user.expect("just created").keys.push(key);
    }

    /// What is made from here on is in another partition than the region's: `aws-eusc`.
    pub(crate) fn partition(&self, partition: &'static str) {
        self.lock().partition = partition;
    }

    /// The access key ids of all sessions that STS issued, oldest first.
    pub(crate) fn issued(&self) -> Vec<String> {
        let world = self.lock();
        let ids = world.sessions.iter().map(|one| one.access_key_id.clone());
        ids.collect()
    }

    /// Lets time pass for the sessions there are: they were issued, and end, this many seconds earlier.
    pub(crate) fn age(&self, seconds: i64) {
        let passed = jiff::SignedDuration::from_secs(seconds);
        for session in &mut self.lock().sessions {
            session.issued -= passed;
            session.expires -= passed;
        }
    }

    /// The encoded form of an authorization failure message, which STS decodes to this text.
    pub(crate) fn encoded(&self, message: &str) -> String {
        let encoded = world::random(200, world::UPPER);
        let mut world = self.lock();
        world.denials.insert(encoded.clone(), message.to_owned());
        encoded
    }

    /// Calls an IAM operation as [`Sandbox::iam`] does; it must succeed.
    pub(crate) fn must(&self, account: &str, operation: &str, parameters: &[(&str, &str)]) {
        if let Err(refusal) = self.iam(account, operation, parameters) {
            panic!("{operation}: {refusal}");
        }
    }
}

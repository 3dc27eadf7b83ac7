//! The walk: each step is a command as typed, what it should do, and whether it did.
//!
//! James may look at everything but S3. A role may. He becomes the role and himself again.

use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::home::{Home, LISTER};
use crate::page::{self, Page};
use crate::sandbox::Sandbox;
use crate::shell::{Answer, Shell, aws_cli_works};
use crate::world::{BUCKET, CODE_SECONDS, MFA_ROLE, ROLE, World};

/// What a command should do.
#[derive(Clone, Copy, Debug)]
enum Wanted<'a> {
    /// Succeed and say this.
    Says(&'a str),
    /// Succeed and say nothing.
    Silence,
    /// Fail and say this.
    Refusal(&'a str),
}

/// James at his shell.
struct Story<'a> {
    page: &'a Page,
    shell: Shell,
    /// Lists buckets: the AWS CLI where it works, else the lab.
    lister: &'static str,
    asked: Vec<Duration>,
}

/// Walks through the story, and says how long its calls of stsx took.
///
/// # Errors
/// A step did something else than it should: the first one.
pub(crate) async fn walk(sandbox: &Sandbox, page: &Page, home: &Home) -> Result<()> {
    let world = World::new(sandbox, page);
    page.note(&format!(
        "An AWS on {}, just for you. Its administrator makes a user, a role, two buckets:",
        sandbox.endpoint()
    ))?;
    world
        .build(home)
        .await
        .context("the world could not be made")?;
    let lister = if aws_cli_works(home).await {
        "aws s3 ls"
    } else {
        LISTER
    };
    let mut story = Story {
        page,
        shell: Shell::start(home)?,
        lister,
        asked: Vec::new(),
    };
    story.before_the_edit().await?;
    page.note(
        "The role trusts ec2.amazonaws.com. The administrator lets it trust James instead, \
         and makes one that wants MFA:",
    )?;
    let edited = world.edit_trust().await;
    edited.context("the trust could not be edited")?;
    let serial = world.want_mfa(home).await;
    let serial = serial.context("MFA could not be set up")?;
    story.after_the_edit().await?;
    story.with_mfa(sandbox, &serial).await?;
    story.end()
}

impl Story<'_> {
    async fn before_the_edit(&mut self) -> Result<()> {
        self.page
            .note("James, who may look at everything but S3, sits down at his shell:")?;
        self.step("stsx whoami", Wanted::Says(":user/James"))
            .await?;
        self.step(self.lister, Wanted::Refusal("(AccessDenied)"))
            .await?;
        let assume = format!("eval $(stsx assume {ROLE})");
        self.step(&assume, Wanted::Refusal("AccessDenied")).await
    }

    async fn after_the_edit(&mut self) -> Result<()> {
        let role = format!(":assumed-role/{ROLE}/James");
        self.step(&format!("eval $(stsx assume {ROLE})"), Wanted::Silence)
            .await?;
        self.step("stsx whoami", Wanted::Says(&role)).await?;
        self.step(self.lister, Wanted::Says(BUCKET)).await?;
        self.step("eval $(stsx unset)", Wanted::Silence).await?;
        self.step("stsx whoami", Wanted::Says(":user/James")).await
    }

    async fn with_mfa(&mut self, sandbox: &Sandbox, serial: &str) -> Result<()> {
        let code = self.next_code(sandbox, serial).await?;
        let role = format!(":role/{MFA_ROLE}  until ");
        let typed = format!("stsx login prod --mfa-code {code}");
        self.step(&typed, Wanted::Says(&role)).await
    }

    /// Lets the device tick to its next code. The seconds pass in the sandbox, not here.
    async fn next_code(&self, sandbox: &Sandbox, serial: &str) -> Result<String> {
        let clock = sandbox.clock();
        let shown = sandbox.code(serial);
        let mut code = shown.clone();
        let start = clock.now().as_second();
        while code == shown {
            let now = clock.now().as_second();
            if now - start > CODE_SECONDS {
                bail!("the device shows {shown} for ever");
            }
            if self.page.is_terminal() {
                let left = CODE_SECONDS - now.rem_euclid(CODE_SECONDS);
                let line = format!("# James's device shows {shown}  {left:>2} s");
                self.page.overwrite(&line)?;
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
            clock.advance(1);
            code = sandbox.code(serial);
        }
        if self.page.is_terminal() {
            self.page.overwrite("")?;
        }
        let ticked = format!(
            "The profile `prod` wants a code. James's device showed {shown}; it ticks, and shows {code}:"
        );
        self.page.note(&ticked)?;
        Ok(code)
    }

    async fn step(&mut self, typed: &str, wanted: Wanted<'_>) -> Result<()> {
        let answer = self.shell.run(typed).await;
        let answer = answer.with_context(|| format!("`{typed}` did not work"))?;
        let took = typed.contains("stsx ").then_some(answer.took);
        self.asked.extend(took);
        self.page.typed(typed, took)?;
        // The AWS CLI starts its errors with an empty line.
        for line in answer.lines.iter().skip_while(|line| line.is_empty()) {
            page::line(line)?;
        }
        if !wanted.is(&answer) {
            bail!(
                "`{typed}` did not do what it should: its status is {}, and it should {wanted}",
                answer.status
            );
        }
        Ok(())
    }

    fn end(&self) -> Result<()> {
        let total: Duration = self.asked.iter().sum();
        self.page.success(&format!(
            "Every step did what it should. {} calls of stsx took {} ms. Your own ~/.aws was not read.",
            self.asked.len(),
            total.as_millis()
        ))
    }
}

impl fmt::Display for Wanted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Says(words) => write!(out, "succeed and say `{words}`"),
            Self::Silence => write!(out, "succeed and say nothing"),
            Self::Refusal(words) => write!(out, "fail and say `{words}`"),
        }
    }
}

impl Wanted<'_> {
    fn is(self, answer: &Answer) -> bool {
        let is_good = answer.status == 0;
        let says = |words: &str| answer.lines.iter().any(|line| line.contains(words));
        match self {
            Self::Says(words) => is_good && says(words),
            Self::Silence => is_good && answer.lines.is_empty(),
            Self::Refusal(words) => !is_good && says(words),
        }
    }
}

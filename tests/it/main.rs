//! The one test binary: stsx itself, run as its users run it. Each module is a topic.

#[expect(dead_code, reason = "the lab uses what these tests do not")]
#[path = "../sandbox.rs"]
mod aws; // the sandbox: an AWS in this process

mod cache; // what is a hit, what is a miss, who may read it
mod clients; // the SDKs and tools that take what stsx gives
mod completions; // the scripts are the binary's, and the shells take them
mod configure; // profiles are written, and all else in their file stays
mod damage; // nothing lost, nothing half-written, whatever happens to processes, disks and clocks
mod denials; // AccessDenied: what to check, for this very call
mod doctor; // what is wrong, where, why, and what mends it
mod errors; // bad input and bad days: words, exit statuses, calls
mod exec; // the command is as good as alone
mod explain; // what would happen and what is there, without a call
mod federate; // users who are vouched for
mod flight; // many at once: one call and one prompt, and what happens when the one who makes it fails or dies
mod harness; // the harness watches itself: what it must notice, it notices
mod help; // help for people: what it says first, and last
mod import; // access keys of the console's CSV files
mod init; // at home in every shell: a session in each
mod lengths; // how long sessions are, and who says no
mod list; // what profiles lead to, as a tree too
mod looks; // colours, widths, and what is shown while one waits
mod man; // the manual pages
mod mfa; // codes: where they come from, and what happens without one
mod mistakes; // what people get wrong is told with what to do about it
mod names; // from a word to a role
mod network; // its faults, and the ways through it
mod output; // what stands on stdout, also when it failed
mod picker; // a target chosen on the terminal
mod profile_grammar; // the AWS files, held against the loaders of the SDK and of the AWS CLI
mod prompt; // what a prompt shows, and that it is harmless
mod readme; // the documents do what they say
mod refresh; // when credentials are renewed, by whom, and when that fails
mod roles; // what IAM lists, and what completions make of it
mod saml; // roles that responses of SAML providers open
mod sandbox; // an AWS of our own, judged by the clients of others; the lab
mod scopes; // limits, tags and source identities arrive, and work
mod secrets; // who can get at them, by which way: nobody
mod servers; // the servers of others, as judges of the wire format
mod session; // sessions of the user as an end in itself
mod settings; // what is in force, where it was said, and what is wrong with it
mod shells; // every value in every real shell
mod sources; // where credentials start: SSO, logins, commands, containers, instances
mod support; // the sentence all others speak: a home, an AWS, a run
mod web_identity; // roles that tokens of OIDC providers open
mod whoami; // who somebody is, and for how long

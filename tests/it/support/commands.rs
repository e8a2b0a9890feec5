//! The binary as others run it: its commands and its servers, each with an environment of its own.

use std::{
    io::{BufRead, BufReader},
    ops::{Deref, DerefMut},
    process::{Child, Command, Output, Stdio},
};

use connects::config::Settings;
use secrecy::ExposeSecret;

/// Runs the binary with an environment of its own.
#[derive(Clone)]
pub struct Commands(Vec<(String, String)>);

/// How a command ended.
pub struct Done {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Done {
    pub fn last_line(&self) -> &str {
        self.stdout.lines().last().unwrap_or_default()
    }
}

impl Commands {
    /// On the database of `settings`.
    pub fn on(settings: &Settings) -> Self {
        let secret =
            settings.secret.as_ref().map(|secret| secret.expose_secret().to_owned()).unwrap_or_default();
        let pooler = settings.database_pooler.to_string();
        let environment = [
            ("DATABASE_URL", &settings.database_url),
            ("CONNECTS_SECRET", &secret),
            ("CONNECTS_DATABASE_POOLER", &pooler),
        ];
        Self::with(&environment.map(|(name, value)| (name, value.as_str())))
    }

    pub fn with(environment: &[(&str, &str)]) -> Self {
        let environment = environment.iter().filter(|(_, value)| !value.is_empty());
        Self(environment.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_connects"));
        for (name, _) in
            std::env::vars().filter(|(name, _)| name.starts_with("CONNECTS_") || name == "DATABASE_URL")
        {
            command.env_remove(name);
        }
        // Of servers that run at once only one could have the usual address.
        command.env("CONNECTS_METRICS_LISTEN", "none");
        command.args(arguments).envs(self.0.iter().map(|(name, value)| (name, value)));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Done {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("the binary runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Done { code: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr) }
    }

    /// With one more variable in the environment.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn spawn(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(arguments);
        Running(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts"))
    }

    /// A process whose writes beyond its file-size limit fail, as on a full disk, instead of ending it.
    pub fn spawn_unkillable_by_file_size(&self, arguments: &[&str]) -> Running {
        self.spawn_after("trap '' XFSZ", arguments)
    }

    /// A process that a shell starts after `words`; its stderr is not kept.
    pub fn spawn_after(&self, words: &str, arguments: &[&str]) -> Running {
        let program = self.command(arguments);
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{words}; exec \"$0\" \"$@\"")).arg(program.get_program());
        shell.args(program.get_args()).envs(self.0.iter().map(|(name, value)| (name, value)));
        Running(shell.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary starts"))
    }
}

/// A process that ends with the test, however that ends.
pub struct Running(Child);

impl Running {
    /// Sends SIGTERM.
    pub fn ask_to_stop(&self) {
        Command::new("kill").args(["-TERM", &self.id().to_string()]).status().expect("a signal");
    }
}

impl Deref for Running {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.0
    }
}

impl DerefMut for Running {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where a server that was just spawned listens, as it says itself.
pub fn address_of(server: &mut Child) -> String {
    let lines = BufReader::new(server.stdout.as_mut().expect("piped")).lines().map_while(Result::ok);
    let line = { lines }.find(|line| line.starts_with("GraphQL on ")).expect("an address");
    line.trim_start_matches("GraphQL on ").trim_end_matches("/graphql").to_owned()
}

//! The arguments of `payouts`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum PayoutsCommand {
    /// Print what would be paid out now, to whom, and why the rest is not.
    #[command(after_help = "Example:\n  connects payouts plan --json")]
    Plan {
        /// Of withdrawals, not of commissions.
        #[arg(long)]
        withdrawals: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Take in what a bank or PayPal answered to a file: what is paid, and what failed or came back.
    #[command(after_help = "Example:\n  connects payouts import pain002 answer.xml")]
    Import {
        /// The form of the answer.
        form: AnswerForm,
        /// The file.
        file: std::path::PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Note that a bank has carried out a batch, but for what came back: BACS answers only with returns.
    #[command(after_help = "The id of the batch is in the name of its file.\n\n\
                            Example:\n  connects payouts confirm 019d2a3c-0000-7000-8000-000000000000")]
    Confirm {
        /// The id of the batch.
        batch: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Note that a bank or PayPal has refused the file of a batch, and nothing of it was paid: it is due once more.
    #[command(
        after_help = "Say it only when nothing was paid: all of it will be paid again. The id of the batch is in\n\
                            the name of its file.\n\n\
                            Example:\n  connects payouts refuse 019d2a3c-0000-7000-8000-000000000000"
    )]
    Refuse {
        /// The id of the batch.
        batch: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum AnswerForm {
    /// An ISO 20022 status report.
    Pain002,
    /// A BACS report of returned credits.
    Arucs,
    /// The results of a PayPal mass payment.
    Paypal,
}

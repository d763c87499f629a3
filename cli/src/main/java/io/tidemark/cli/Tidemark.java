package io.tidemark.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The main class: reads the command line, runs one subcommand and ends with its exit code. */
@Command(
        name = "tidemark",
        description = "Keeps Redis in step with PostgreSQL.",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            StatusCommand.class,
            VerifyCommand.class,
            ReconcileCommand.class,
            WaitCommand.class,
            PositionsCommand.class,
            SyncCommand.class,
            LagCommand.class,
            StatsCommand.class,
            WarmCommand.class,
            ResyncCommand.class,
            ReplayCommand.class,
            ScheduleCommand.class,
            SearchCommand.class,
            ClearCommand.class,
            InvalidateCommand.class,
            OptimizeCommand.class,
            ExplainCommand.class,
            PlanCommand.class,
            ConnectConfigCommand.class,
            AccessConfigCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Tidemark.VersionText.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:good",
            "1:failed",
            "2:wrong usage, a wrong pipeline file or a taken port",
            "3:a cache differs from its table",
            "4:something is unhealthy",
            "5:cannot connect",
            "6:another run holds the directory, or replays the same topics",
            "124:waited too long"
        })
public final class Tidemark {
    private Tidemark() {}

    /** Runs the command; see {@code --help}. */
    public static void main(String[] arguments) {
        int exitCode = Interruption.run(() -> commandLine().execute(arguments));
        System.exit(exitCode);
    }

    static CommandLine commandLine() {
        ErrorsForPeople errors = new ErrorsForPeople(System.getenv("TIDEMARK_STACKTRACE") != null);
        return new CommandLine(new Tidemark())
                .registerConverter(java.time.Duration.class, new DurationText())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setUsageHelpAutoWidth(true);
    }

    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Tidemark.class.getPackage().getImplementationVersion();
            return new String[] {"tidemark " + (version == null ? "(not from its jar)" : version)};
        }
    }
}

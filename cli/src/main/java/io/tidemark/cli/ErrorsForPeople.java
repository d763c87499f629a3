package io.tidemark.cli;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into words on stderr and an exit code. Stateless but for one setting; thread-safe. */
final class ErrorsForPeople implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final boolean withStackTrace;

    ErrorsForPeople(boolean withStackTrace) {
        this.withStackTrace = withStackTrace;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        PrintWriter err = e.getCommandLine().getErr();
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println("tidemark: " + e.getMessage());
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                err.println("  Did you mean " + String.join(" or ", suggestions) + "?");
            }
        }
        err.println("  All options: " + command + " --help");
        err.flush();
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        int exitCode = ExitCode.FAILED;
        if (e instanceof CommandFailure failure) {
            err.println("tidemark: " + failure.getMessage());
            exitCode = failure.exitCode();
        } else if (e instanceof InterruptedException) {
            err.println("tidemark: stopped before it was done");
            exitCode = ExitCode.INTERRUPTED;
        } else {
            err.println("tidemark: BUG: " + e);
            e.printStackTrace(err);
        }
        if (withStackTrace && exitCode != ExitCode.FAILED) {
            e.printStackTrace(err);
        }
        err.flush();
        return exitCode;
    }
}

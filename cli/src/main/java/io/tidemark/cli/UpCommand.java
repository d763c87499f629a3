package io.tidemark.cli;

import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Screen;
import io.tidemark.cli.stack.DataDirectory;
import io.tidemark.cli.stack.Leftovers;
import io.tidemark.cli.stack.RunFile;
import io.tidemark.cli.stack.Stack;
import io.tidemark.cli.stack.StackRequest;
import io.tidemark.core.pipeline.Pipeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidemark up}: what the pipeline file says, kept running until Ctrl-C. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs the services for a pipeline file. PostgreSQL, Kafka and Redis are started here where the"
                + " file names none, and keep their data. Ctrl-C stops everything.")
final class UpCommand implements Callable<Integer> {
    @Mixin
    private PipelineFile file = new PipelineFile();

    @Mixin
    private StackOptions options = new StackOptions();

    @Override
    public Integer call() {
        Screen screen = Screen.ofProcess();
        Pipeline pipeline = Pipelines.read(file.path(), System.getenv());
        try (DataDirectory directory = DataDirectory.lock(options.data())) {
            Leftovers.await(directory.runFile(), screen::line);
            StackRequest request = new StackRequest(
                    "up",
                    StackOptions.home(),
                    file.path(),
                    pipeline,
                    options.ports(pipeline),
                    directory.folder("data"),
                    "tidemark",
                    true,
                    null,
                    Map.of(),
                    null);
            try (Stack stack = new Stack(request, directory, screen::line)) {
                run(stack, directory, screen);
            } catch (InterruptedException e) {
                screen.line("Stopped.");
            }
        } catch (InterruptedException e) {
            screen.line("Stopped.");
        }
        return ExitCode.GOOD;
    }

    private void run(Stack stack, DataDirectory directory, Screen screen) throws InterruptedException {
        try {
            stack.startServers();
            stack.startServices();
            new ReadyWait(stack, screen).await(Duration.ofDays(3650));
            showAddresses(directory, screen);
            while (true) {
                stack.check();
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            screen.line("Stopping …");
            throw e;
        }
    }

    private static void showAddresses(DataDirectory directory, Screen screen) {
        RunFile running = read(directory);
        screen.line("Tidemark runs; Ctrl-C stops it.");
        screen.line("  PostgreSQL      " + address(running.postgres()));
        screen.line("  Kafka           " + running.kafka().bootstrap());
        screen.line("  Redis           " + address(running.redis()));
        running.services()
                .forEach((name, service) ->
                        screen.line("  " + name + " ".repeat(Math.max(1, 16 - name.length())) + service.url()));
        screen.line("  " + Console.address(running));
        screen.line("  How it goes: ./tidemark status   All compared: ./tidemark verify   Logs: "
                + directory.root().resolve("logs"));
    }

    static String address(RunFile.Server server) {
        return server.url() + (server.passwordFile() == null ? "" : "  (password in " + server.passwordFile() + ")");
    }

    private static RunFile read(DataDirectory directory) {
        try {
            return RunFile.read(directory.runFile())
                    .orElseThrow(() -> new IllegalStateException("BUG: no run.json while running"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory.runFile(), e);
        }
    }
}

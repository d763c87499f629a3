package io.tidemark.cli;

import io.tidemark.cli.api.Readiness;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.failure.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark status}: what is up, and how far Redis is behind. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows what is up, how far Redis is behind the database, and dead letters. Exits 4 when something"
                + " is unhealthy, 5 when nothing can be reached.")
final class StatusCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print the status as one JSON object on stdout.")
    private boolean json;

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Override
    public Integer call() throws InterruptedException {
        Map<String, ServiceClient> services = target.services();
        List<Status.Part> parts = new ArrayList<>();
        target.runFile().ifPresent(running -> parts.addAll(ServerCheck.of(running)));
        boolean reached = false;
        for (ServiceClient service : services.values()) {
            Readiness readiness = Readiness.of(service);
            reached |= readiness.reachable();
            parts.add(new Status.Part(
                    service.name(), service.url(), readiness.ready(), String.join("; ", readiness.reasons())));
        }
        Status status = Status.of(parts, services);
        System.out.println(json ? status.json() : status.text());
        if (!reached) {
            System.err.println("tidemark: no service answers; is it running? Start it with ./tidemark up");
            return ExitCode.CANNOT_CONNECT;
        }
        return status.healthy() ? ExitCode.GOOD : ExitCode.UNHEALTHY;
    }
}

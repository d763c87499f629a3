package io.tidemark.cli;

import io.tidemark.cli.api.Readiness;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Screen;
import io.tidemark.cli.stack.Stack;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Waits until every service of a stack is ready, and says what each still waits for. Not thread-safe. */
final class ReadyWait {
    private static final Duration PAUSE = Duration.ofMillis(150);
    private static final Duration QUIET_AT_FIRST = Duration.ofSeconds(20);

    private final Stack stack;
    private final Screen screen;
    private final Map<String, List<String>> said = new HashMap<>();
    private final long began = System.nanoTime();

    ReadyWait(Stack stack, Screen screen) {
        this.stack = stack;
        this.screen = screen;
    }

    /**
     * @param limit how long at most
     * @throws CommandFailure with the service's own last error when it ended for good, or when the time is over
     */
    void await(Duration limit) throws InterruptedException {
        Map<String, ServiceClient> waitedFor = new LinkedHashMap<>();
        stack.serviceUrls().forEach((name, url) -> waitedFor.put(name, new ServiceClient(name, url)));
        while (!waitedFor.isEmpty()) {
            stack.check();
            for (ServiceClient service : List.copyOf(waitedFor.values())) {
                if (isReady(service)) {
                    waitedFor.remove(service.name());
                }
            }
            if (!waitedFor.isEmpty() && since().compareTo(limit) > 0) {
                throw new CommandFailure(
                        ExitCode.WAITED_TOO_LONG,
                        String.join(", ", waitedFor.keySet()) + " did not get ready in " + limit.toSeconds()
                                + " s: "
                                + String.join(
                                        "; ",
                                        said.getOrDefault(
                                                waitedFor.keySet().iterator().next(), List.of("no word from it"))));
            }
            if (!waitedFor.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
        stack.markReady();
    }

    private boolean isReady(ServiceClient service) throws InterruptedException {
        Readiness readiness = Readiness.of(service);
        if (readiness.ready()) {
            screen.line(
                    String.format(Locale.ROOT, "%s is ready (%.1f s)", service.name(), since().toMillis() / 1000.0));
            return true;
        }
        boolean worthSaying = readiness.reachable() || since().compareTo(QUIET_AT_FIRST) > 0;
        if (worthSaying && !readiness.reasons().equals(said.get(service.name()))) {
            said.put(service.name(), readiness.reasons());
            if (since().compareTo(Duration.ofSeconds(3)) > 0) {
                readiness.reasons().forEach(reason -> screen.line(named(service.name(), withPlace(reason))));
            }
        }
        return false;
    }

    private static String named(String service, String reason) {
        return reason.startsWith(service) ? reason : service + ": " + reason;
    }

    private String withPlace(String reason) {
        return reason.startsWith("waiting for tables") && !reason.contains("postgresql://")
                ? reason + ": create them in " + stack.databaseAddress()
                : reason;
    }

    private Duration since() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}

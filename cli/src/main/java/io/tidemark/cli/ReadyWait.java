package io.tidemark.cli;

import io.tidemark.cli.api.Readiness;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.screen.Screen;
import io.tidemark.cli.stack.Stack;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Waits until every service of a stack is ready, and says what each still waits for. Not thread-safe. */
final class ReadyWait {
    private static final Duration PAUSE = Duration.ofMillis(150);
    private static final Duration WORTH_SAYING = Duration.ofSeconds(4);
    /** A JVM that starts on a busy machine needs a while before it answers at all. */
    private static final Duration SILENCE_WORTH_SAYING = Duration.ofSeconds(20);

    private static final Pattern TABLES = Pattern.compile("(?:(?:waits|waiting) for )?tables: *(.*)", Pattern.DOTALL);

    private final Stack stack;
    private final Screen screen;
    private final Map<String, Reason> reasons = new HashMap<>();
    private final Set<String> saidOfTables = new HashSet<>();
    private final long began = System.nanoTime();

    /** What a service waits for, since when, and whether a person was told: what passes by itself soon is not worth it. */
    private record Reason(List<String> words, Duration since, boolean said) {}

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
        stack.serviceUrls().forEach((name, url) -> waitedFor.put(name, new ServiceClient(name, url, null)));
        while (!waitedFor.isEmpty()) {
            stack.check();
            for (ServiceClient service : List.copyOf(waitedFor.values())) {
                if (isReady(service)) {
                    waitedFor.remove(service.name());
                }
            }
            if (!waitedFor.isEmpty() && since().compareTo(limit) > 0) {
                throw waitedTooLong(waitedFor.keySet(), limit);
            }
            if (!waitedFor.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
        stack.markReady();
    }

    private CommandFailure waitedTooLong(Set<String> services, Duration limit) {
        StringBuilder text = new StringBuilder("not ready after " + limit.toSeconds() + " s:");
        for (String service : services) {
            Reason reason = reasons.get(service);
            text.append("\n  ").append(named(service, reason == null ? "no word" : String.join("; ", reason.words())));
        }
        return new CommandFailure(ExitCode.WAITED_TOO_LONG, text.toString());
    }

    private boolean isReady(ServiceClient service) throws InterruptedException {
        Readiness readiness = Readiness.of(service);
        if (readiness.ready()) {
            screen.line(
                    String.format(Locale.ROOT, "%s is ready (%.1f s)", service.name(), since().toMillis() / 1000.0));
            return true;
        }
        Reason known = reasons.get(service.name());
        if (known == null || !known.words().equals(readiness.reasons())) {
            reasons.put(service.name(), new Reason(readiness.reasons(), since(), false));
        } else if (!known.said() && since().minus(known.since()).compareTo(worthSaying(readiness)) > 0) {
            reasons.put(service.name(), new Reason(known.words(), known.since(), true));
            known.words().forEach(reason -> say(service.name(), reason));
        }
        return false;
    }

    private static Duration worthSaying(Readiness readiness) {
        return readiness.reachable() ? WORTH_SAYING : SILENCE_WORTH_SAYING;
    }

    private static String named(String service, String reason) {
        return reason.startsWith(service) ? reason : service + ": " + reason;
    }

    /** Every service waits for the same tables, which is said once, with the place where they are to be made. */
    private void say(String service, String reason) {
        Matcher tables = TABLES.matcher(reason);
        if (!tables.matches()) {
            screen.line(named(service, reason));
        } else if (saidOfTables.add(String.valueOf(tables.group(1)))) {
            screen.line("Waiting for tables in " + stack.databaseAddress() + ": " + tables.group(1));
        }
    }

    private Duration since() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}

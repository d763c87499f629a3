package io.tidemark.cli.stack;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.testkit.process.Ports;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * The TCP ports on the loopback address that a stack listens on. An empty one is not needed here, because the pipeline
 * file names a server of its own.
 */
public record StackPorts(
        OptionalInt postgres,
        OptionalInt kafka,
        OptionalInt redis,
        int ingestService,
        int cacheWriter,
        int reconciler,
        int positionService) {

    private record Wanted(String who, String option, int port) {}

    /**
     * Gives each wanted port, or any free one where 0 is wanted.
     *
     * @throws CommandFailure naming every port that is taken or wanted twice, before anything is started
     */
    public StackPorts checked() {
        return checked(Ports::isFree);
    }

    StackPorts checked(IntPredicate isFree) {
        List<String> problems = new ArrayList<>();
        Map<Integer, String> holders = new HashMap<>();
        for (Wanted wanted : wanted()) {
            if (wanted.port() == 0) {
                continue;
            }
            String other = holders.putIfAbsent(wanted.port(), wanted.option());
            if (other != null) {
                problems.add("port " + wanted.port() + " is given twice, by " + other + " and " + wanted.option());
            } else if (!isFree.test(wanted.port())) {
                problems.add("port " + wanted.port() + " for " + wanted.who()
                        + " is taken by another program; choose another with " + wanted.option()
                        + " (0 takes any free one)");
            }
        }
        if (!problems.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE, String.join("\n  ", problems));
        }
        return withFreePorts(holders);
    }

    private List<Wanted> wanted() {
        List<Wanted> wanted = new ArrayList<>();
        postgres.ifPresent(port -> wanted.add(new Wanted("PostgreSQL", "--postgres-port", port)));
        kafka.ifPresent(port -> wanted.add(new Wanted("Kafka", "--kafka-port", port)));
        redis.ifPresent(port -> wanted.add(new Wanted("Redis", "--redis-port", port)));
        wanted.add(new Wanted("ingest-service", "--ingest-port", ingestService));
        wanted.add(new Wanted("cache-writer", "--cache-writer-port", cacheWriter));
        wanted.add(new Wanted("reconciler", "--reconciler-port", reconciler));
        wanted.add(new Wanted("position-service", "--position-port", positionService));
        return wanted;
    }

    private StackPorts withFreePorts(Map<Integer, String> holders) {
        return new StackPorts(
                given(postgres, holders),
                given(kafka, holders),
                given(redis, holders),
                given(ingestService, holders),
                given(cacheWriter, holders),
                given(reconciler, holders),
                given(positionService, holders));
    }

    private static OptionalInt given(OptionalInt port, Map<Integer, String> holders) {
        return port.isPresent() ? OptionalInt.of(given(port.getAsInt(), holders)) : port;
    }

    private static int given(int port, Map<Integer, String> holders) {
        if (port != 0) {
            return port;
        }
        int free = Ports.anyFree();
        while (holders.putIfAbsent(free, "any") != null) {
            free = Ports.anyFree();
        }
        return free;
    }
}

package io.tidemark.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * How much processor time each process has taken up to some moment, its children included, read from Linux's /proc.
 * Unlike time on the clock, it says nearly the same on a machine that others use too.
 *
 * @param millis by the process's name
 */
record ProcessorTime(Map<String, Long> millis) {
    // Of every Linux that there is: sysconf(_SC_CLK_TCK).
    private static final int MILLIS_PER_TICK = 10;
    private static final int USER_TIME = 14;
    private static final int REAPED_CHILDREN_SYSTEM_TIME = 17;

    /** What processes have taken until now, by name and process id. */
    static ProcessorTime now(Map<String, Long> processes) throws IOException {
        Map<String, Long> millis = new LinkedHashMap<>();
        for (Map.Entry<String, Long> process : processes.entrySet()) {
            long sum = 0;
            for (long pid : withDescendants(process.getValue())) {
                sum += ticks(Path.of("/proc/" + pid)) * MILLIS_PER_TICK;
            }
            millis.put(process.getKey(), sum);
        }
        return new ProcessorTime(millis);
    }

    /** What was taken since then, in microseconds for each of so many rows, as a line to print. */
    String perRowSince(ProcessorTime before, long rows) {
        return millis.entrySet().stream()
                .map(process -> "%s %.1f"
                        .formatted(
                                process.getKey(),
                                1000.0
                                        * (process.getValue() - before.millis().getOrDefault(process.getKey(), 0L))
                                        / rows))
                .collect(Collectors.joining(", "));
    }

    private static long[] withDescendants(long pid) {
        return LongStream.concat(
                        LongStream.of(pid),
                        ProcessHandle.of(pid).stream()
                                .flatMap(ProcessHandle::descendants)
                                .mapToLong(ProcessHandle::pid))
                .toArray();
    }

    /** What one thread has taken, in milliseconds; its folder under {@code /proc/PID/task}. */
    static long ofTask(Path task) throws IOException {
        return ticks(task) * MILLIS_PER_TICK;
    }

    private static long ticks(Path process) throws IOException {
        try {
            String stat = Files.readString(process.resolve("stat"));
            // The second field, the program's name in brackets, may hold blanks itself.
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int field = USER_TIME; field <= REAPED_CHILDREN_SYSTEM_TIME; field++) {
                ticks += Long.parseLong(afterName[field - 3]);
            }
            return ticks;
        } catch (NoSuchFileException ended) {
            // Its time counts as its parent's from now on.
            return 0;
        }
    }
}

package io.tidemark.cli.stack;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.core.process.ParentWatch;
import io.tidemark.core.tls.HttpTls;
import io.tidemark.testkit.process.KeptProcess;
import io.tidemark.testkit.process.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One of our services as a process. Thread-safe. */
final class ServicePart implements Part {
    private static final Duration GRACE = Duration.ofSeconds(25);

    private final ServiceProgram program;
    private final Path jar;
    private final int port;
    private final Map<String, String> environment;
    private final KeptProcess process;

    ServicePart(ServiceProgram program, Path home, int port, Path log, Map<String, String> settings) {
        this.program = program;
        this.jar = program.jar(home);
        this.port = port;
        this.environment = new HashMap<>(settings);
        environment.put("TIDEMARK_HTTP_PORT", Integer.toString(port));
        environment.put("TIDEMARK_HTTP_HOST", "127.0.0.1");
        environment.put(
                ParentWatch.VARIABLE, Long.toString(ProcessHandle.current().pid()));
        this.process = new KeptProcess(program.title(), "TERM", GRACE, log);
    }

    @Override
    public String name() {
        return program.title();
    }

    @Override
    public void start() {
        if (!Files.exists(jar)) {
            throw new CommandFailure(
                    ExitCode.FAILED, "the program of " + name() + " is not built: no " + jar + "; run mvn package");
        }
        process.start(command(), environment, Path.of("").toAbsolutePath());
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Programs.java().toString(),
                "-Xmx" + program.heapMegabytes() + "m",
                "-XX:+UseSerialGC",
                // Its first size, 21 MB, is outgrown several times in a start, each time by a full collection.
                "-XX:MetaspaceSize=128m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData"));
        command.addAll(program.jvmOptions());
        String more = System.getenv("TIDEMARK_JAVA_OPTIONS");
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+")));
        }
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    @Override
    public KeptProcess process() {
        return process;
    }

    String url() {
        return scheme() + "://127.0.0.1:" + port;
    }

    /** By which scheme the services answer: the environment that they inherit says whether they encrypt. */
    static String scheme() {
        return HttpTls.isOn(System.getenv()) ? "https" : "http";
    }

    /** What its log says of its end: its last error if there is one, else its last lines. */
    String lastError() {
        try {
            Path log = process.log();
            List<String> lines = Files.exists(log) ? Files.readAllLines(log, StandardCharsets.UTF_8) : List.of();
            return LastError.of(lines);
        } catch (IOException e) {
            return "(its log cannot be read: " + e + ")";
        }
    }
}

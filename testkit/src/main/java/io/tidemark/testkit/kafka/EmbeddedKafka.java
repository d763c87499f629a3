package io.tidemark.testkit.kafka;

import io.tidemark.testkit.process.EmbeddedServer;
import io.tidemark.testkit.process.KeptProcess;
import io.tidemark.testkit.process.Ports;
import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.process.Startup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A Kafka broker (KRaft, one node) in a JVM of its own, on the class path of this JVM, listening without encryption on
 * the loopback address only. Thread-safe.
 */
public final class EmbeddedKafka implements KafkaServer, EmbeddedServer {

    private final KafkaSettings settings;
    private final KeptProcess process;
    private final int port;

    /** Nothing is started yet. */
    public EmbeddedKafka(KafkaSettings settings) {
        this.settings = settings;
        this.process = new KeptProcess("Kafka", "TERM", Duration.ofSeconds(20), file("kafka.log"));
        this.port = Ports.choose(settings.port());
    }

    @Override
    public synchronized void start() {
        Ports.requireFree(port, "Kafka");
        Path ready = file("ready");
        try {
            Files.createDirectories(settings.directory());
            Files.deleteIfExists(ready);
            writeProperties();
            Files.writeString(file("logback.xml"), LOGBACK);
            Files.writeString(file("java.args"), "-cp \"" + escaped(System.getProperty("java.class.path")) + "\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + settings.directory(), e);
        }
        process.start(command(), Map.of(), Path.of("").toAbsolutePath());
        Startup.await(process, Duration.ofSeconds(90), () -> {
            if (!Files.exists(ready)) {
                throw new NoSuchFileException(ready.toString(), null, "which the broker writes once it serves");
            }
        });
    }

    @Override
    public KeptProcess process() {
        return process;
    }

    @Override
    public int port() {
        return port;
    }

    private List<String> command() {
        return List.of(
                Programs.java().toString(),
                "@" + file("java.args"),
                "-Xms" + Math.min(128, settings.heapMegabytes()) + "m",
                "-Xmx" + settings.heapMegabytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=" + (settings.compiledOnce() ? 1 : 4),
                "-Dlogback.configurationFile=" + file("logback.xml"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                KafkaNode.class.getName(),
                file("server.properties").toString(),
                file("ready").toString());
    }

    private void writeProperties() throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings.allProperties(port, Ports.anyFree()));
        try (Writer writer = Files.newBufferedWriter(file("server.properties"))) {
            properties.store(writer, null);
        }
    }

    private Path file(String name) {
        return settings.directory().resolve(name);
    }

    private static String escaped(String classPath) {
        return classPath.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    // Where Logback is on the class path, it would write every debug line without a configuration.
    private static final String LOGBACK = """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d{ISO8601} %-5level %logger{30} %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="out"/></root>
            </configuration>
            """;
}

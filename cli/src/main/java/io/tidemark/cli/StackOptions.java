package io.tidemark.cli;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.stack.StackPorts;
import io.tidemark.core.pipeline.Pipeline;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options that {@code up} and {@code demo} share. */
final class StackOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".tidemark",
            description = "Folder for data, logs and run.json (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".tidemark");

    @Option(names = "--postgres-port", paramLabel = "PORT", defaultValue = "15432", description = PORT_TEXT)
    private int postgresPort;

    @Option(names = "--kafka-port", paramLabel = "PORT", defaultValue = "19092", description = PORT_TEXT)
    private int kafkaPort;

    @Option(names = "--redis-port", paramLabel = "PORT", defaultValue = "16379", description = PORT_TEXT)
    private int redisPort;

    @Option(names = "--ingest-port", paramLabel = "PORT", defaultValue = "8083", description = PORT_TEXT)
    private int ingestPort;

    @Option(names = "--cache-writer-port", paramLabel = "PORT", defaultValue = "8081", description = PORT_TEXT)
    private int cacheWriterPort;

    @Option(names = "--reconciler-port", paramLabel = "PORT", defaultValue = "8082", description = PORT_TEXT)
    private int reconcilerPort;

    @Option(names = "--position-port", paramLabel = "PORT", defaultValue = "8080", description = PORT_TEXT)
    private int positionPort;

    private static final String PORT_TEXT = "Default: ${DEFAULT-VALUE}; 0 takes any free port.";

    Path data() {
        return data;
    }

    /** The ports for what has no address in the pipeline file; checked, so nothing is taken. */
    StackPorts ports(Pipeline pipeline) {
        for (int port :
                new int[] {postgresPort, kafkaPort, redisPort, ingestPort, cacheWriterPort, reconcilerPort, positionPort
                }) {
            if (port < 0 || port > 65_535) {
                throw new CommandFailure(ExitCode.USAGE, "a port is a number from 0 to 65535; found " + port);
            }
        }
        return new StackPorts(
                        pipeline.source().database() == null ? OptionalInt.of(postgresPort) : OptionalInt.empty(),
                        pipeline.kafka().bootstrap() == null ? OptionalInt.of(kafkaPort) : OptionalInt.empty(),
                        pipeline.redis().server() == null ? OptionalInt.of(redisPort) : OptionalInt.empty(),
                        ingestPort,
                        cacheWriterPort,
                        reconcilerPort,
                        positionPort)
                .checked();
    }

    /** The folder of the clone, where the services' programs are. */
    static Path home() {
        String told = System.getProperty("tidemark.home");
        if (told != null) {
            return Path.of(told);
        }
        try {
            Path jar = Path.of(StackOptions.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return jar.resolve("../../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("BUG: the place of this program is no path", e);
        }
    }
}

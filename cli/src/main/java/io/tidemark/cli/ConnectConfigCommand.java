package io.tidemark.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.kafka.EpochOnKafka;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.InvalidPipelineException;
import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.postgres.TableShape;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark connect-config}: the connector for a Kafka Connect cluster, made from the pipeline file. */
@Command(
        name = "connect-config",
        mixinStandardHelpOptions = true,
        description =
                "Prints Debezium's connector for a Kafka Connect cluster that captures in place of ingest-service, as the"
                        + " JSON that POST /connectors takes (docs/kafka-connect.md). Asks the database how its tables are shaped."
                        + " Changes nothing.")
final class ConnectConfigCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As Kafka's ConfigProviders have it: {@code ${provider:key}} or {@code ${provider:path:key}}. */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^{}:]+:([^{}:]*:)?[^{}:]+}");

    @Mixin
    private PipelineFile file = new PipelineFile();

    @Option(
            names = "--password-reference",
            paramLabel = "REF",
            description =
                    "How the connector refers to the database's password, for a ConfigProvider of the workers, such as"
                            + " $${file:/etc/kafka-connect/tidemark.properties:password} (default:"
                            + " $${env:TIDEMARK_SOURCE_PASSWORD}).")
    private String passwordReference = "${env:TIDEMARK_SOURCE_PASSWORD}";

    @Option(names = "--no-password", description = "The database asks for none.")
    private boolean noPassword;

    @Option(
            names = "--epoch",
            paramLabel = "N",
            description =
                    "The epoch that ingest-service was in (default: what Kafka has kept of it; 1 when none ever ran, or"
                            + " with --offline).")
    private @Nullable Integer epoch;

    @Option(
            names = "--config-only",
            description = "Print what PUT /connectors/NAME/config takes, to change a connector.")
    private boolean configOnly;

    @Option(
            names = "--offline",
            description =
                    "Ask neither the database nor Kafka. A snapshot of a date before the year 1583 is then not exact, and a TRUNCATE"
                            + " ends the connector's task.")
    private boolean offline;

    @Mixin
    private TargetOptions target = new TargetOptions();

    @Override
    public Integer call() throws JsonProcessingException {
        if (epoch != null && epoch < 1) {
            throw new CommandFailure(ExitCode.USAGE, "--epoch: expected a number from 1, found " + epoch);
        }
        if (!noPassword && !REFERENCE.matcher(passwordReference).matches()) {
            // What was found is not shown: it may be the password.
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--password-reference: expected a reference like ${env:NAME} or ${file:PATH:KEY}, found something else;"
                            + " a password itself would be readable by everyone who may ask Connect for its connectors");
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(connector()));
        return ExitCode.GOOD;
    }

    private ObjectNode connector() {
        Pipeline pipeline = Pipelines.read(file.path(), PlannedDatabase.environment(target.runFile()));
        try {
            pipeline.source().requireDatabase();
        } catch (InvalidPipelineException unset) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(unset.getMessage()), unset);
        }
        Collection<TableShape> shapes = offline ? List.of() : PlannedDatabase.shapes(file.path(), target.runFile());
        if (!pipeline.kafka().properties().isEmpty()) {
            System.err.println(
                    "tidemark: kafka.properties of the pipeline file are not in the connector: set them for the"
                            + " workers, with and without the prefix producer.");
        }
        TruncateKeys keys = TruncateKeys.of(pipeline.kafka().topics(), pipeline.followedTables(), shapes);
        if (!keys.without().isEmpty()) {
            System.err.println("tidemark: a TRUNCATE of "
                    + keys.without().stream().map(TableId::toString).collect(Collectors.joining(", "))
                    + " will end the connector's task, as " + (offline ? "--offline leaves" : "the database gives")
                    + " no key to go by (docs/kafka-connect.md).");
        }
        String password = noPassword ? null : passwordReference;
        ObjectNode connector = ConnectorJson.of(pipeline, shapes, keys, epoch(pipeline.kafka()), password);
        return configOnly ? (ObjectNode) connector.get("config") : connector;
    }

    /** With another epoch than the entries', the fences would refuse every change, of the connector or of who comes after it. */
    private int epoch(KafkaSettings kafka) {
        OptionalInt known = OptionalInt.empty();
        if (!offline && kafka.bootstrap() != null) {
            try {
                known = EpochOnKafka.of(kafka);
            } catch (IOException away) {
                throw new CommandFailure(
                        ExitCode.CANNOT_CONNECT, away.getMessage() + "; with --offline nobody is asked", away);
            }
        }
        if (epoch != null && known.isPresent() && known.getAsInt() != epoch) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--epoch: expected " + known.getAsInt() + ", which ingest-service was in as Kafka has it, found "
                            + epoch + "; leave the option out");
        }
        return epoch != null ? epoch : known.orElse(1);
    }
}

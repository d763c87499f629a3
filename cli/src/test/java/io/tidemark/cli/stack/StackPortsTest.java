package io.tidemark.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StackPortsTest {
    @Test
    void every_taken_port_is_named_with_the_option_that_changes_it() {
        StackPorts wanted = ports(15432, 19092, 16379, 8083);
        assertThatThrownBy(() -> wanted.checked(port -> !Set.of(15432, 8083).contains(port)))
                .isInstanceOfSatisfying(CommandFailure.class, failure -> assertThat(failure.exitCode())
                        .isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("port 15432 for PostgreSQL is taken")
                .hasMessageContaining("--postgres-port")
                .hasMessageContaining("port 8083 for ingest-service is taken")
                .hasMessageContaining("--ingest-port");
    }

    @Test
    void the_port_of_a_server_that_is_not_started_here_may_be_taken() {
        StackPorts wanted = new StackPorts(
                OptionalInt.empty(), OptionalInt.of(19092), OptionalInt.of(16379), 8083, 8081, 8082, 8080);
        assertThat(wanted.checked(port -> port != 15432)).isEqualTo(wanted);
    }

    @Test
    void a_port_given_twice_is_refused() {
        assertThatThrownBy(() -> ports(9000, 9000, 16379, 8083).checked(port -> true))
                .hasMessageContaining("port 9000 is given twice, by --postgres-port and --kafka-port");
    }

    @Test
    void zero_takes_free_ports_that_differ() {
        StackPorts given =
                new StackPorts(OptionalInt.of(0), OptionalInt.of(0), OptionalInt.of(0), 0, 0, 0, 0).checked();
        assertThat(Set.of(
                        given.postgres().getAsInt(),
                        given.kafka().getAsInt(),
                        given.redis().getAsInt(),
                        given.ingestService(),
                        given.cacheWriter(),
                        given.reconciler(),
                        given.positionService()))
                .doesNotContain(0)
                .hasSize(7);
    }

    private static StackPorts ports(int postgres, int kafka, int redis, int ingest) {
        return new StackPorts(
                OptionalInt.of(postgres), OptionalInt.of(kafka), OptionalInt.of(redis), ingest, 8081, 8082, 8080);
    }
}

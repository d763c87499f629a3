package io.tidemark.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.ingest.kafka.KafkaAway;
import io.tidemark.ingest.kafka.KafkaClients;
import io.tidemark.ingest.postgres.PostgresAway;
import io.tidemark.ingest.postgres.SourceConnections;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Builds the service out of plain constructors. */
@Factory
final class IngestFactory {

    @Singleton
    StreamProgress progress() {
        return new StreamProgress(System::nanoTime);
    }

    @Singleton
    StateBoard board() {
        return new StateBoard(Clock.systemUTC());
    }

    @Context
    @Bean(preDestroy = "close")
    Meters meters(MeterRegistry registry, StreamProgress progress, StateBoard board) {
        Meters meters = new Meters(registry, progress, board);
        meters.start();
        return meters;
    }

    @Singleton
    @Bean(preDestroy = "close")
    Supervisor supervisor(PipelineFile file, IngestSettings settings, StreamProgress progress, StateBoard board) {
        return supervisor(file, settings, progress, board, problems -> {
            // Exiting waits for this very thread otherwise.
            new Thread(() -> IngestService.exitMisconfigured(problems), "exit").start();
        });
    }

    /** The same without a container. */
    static Supervisor supervisor(
            PipelineFile file,
            IngestSettings settings,
            StreamProgress progress,
            StateBoard board,
            java.util.function.Consumer<String> onMisconfigured) {
        Clock clock = Clock.systemUTC();
        Pipeline pipeline = file.pipeline();
        KafkaClients clients = new KafkaClients(pipeline.kafka());
        SourceConnections connections = new SourceConnections(pipeline.source().requireDatabase());
        StreamSession session = new StreamSession(file, settings, clients, connections, progress, board, clock);
        FailureText failures = new FailureText(
                connections.place(),
                clients.bootstrap(),
                PostgresAway::isAway,
                KafkaAway::isAway,
                PostgresAway::isNotLetIn);
        return new Supervisor(session::run, progress, board, failures, clock, onMisconfigured);
    }
}

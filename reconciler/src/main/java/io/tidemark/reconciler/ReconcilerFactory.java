package io.tidemark.reconciler;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.reconciler.http.FreshnessReport;
import io.tidemark.reconciler.http.ServiceState;
import io.tidemark.reconciler.kafka.AppliedLsn;
import io.tidemark.reconciler.kafka.KafkaClients;
import io.tidemark.reconciler.kafka.KafkaRepairs;
import io.tidemark.reconciler.kafka.KafkaStream;
import io.tidemark.reconciler.kafka.ProgressFollower;
import io.tidemark.reconciler.postgres.TableRows;
import io.tidemark.reconciler.postgres.WalPosition;
import io.tidemark.reconciler.sampler.Sampler;
import io.tidemark.reconciler.verify.Subject;
import io.tidemark.reconciler.verify.Verifier;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Puts the service together. */
@Factory
final class ReconcilerFactory {
    private static final String WAIT_FOR_TABLES = "TIDEMARK_WAIT_FOR_TABLES";

    @Singleton
    SourceDatabase database(PipelineFile file) {
        Database database = file.pipeline().source().requireDatabase();
        String password =
                database.password() == null ? null : database.password().reveal();
        return new SourceDatabase(database.jdbcUrl(), database.user(), password, "tidemark-reconciler");
    }

    @Singleton
    @Bean(preDestroy = "close")
    Startup startup(PipelineFile file, SourceDatabase database) {
        boolean waitForTables = Boolean.parseBoolean(System.getenv(WAIT_FOR_TABLES));
        return new Startup(file, database, waitForTables, System::exit);
    }

    /** @param patience how long the pipeline may stand still before a comparison that waits for it gives up */
    @Singleton
    AppliedLsn appliedLsn(@Value("${tidemark.verify.patience:60s}") Duration patience) {
        return new AppliedLsn(patience, System::nanoTime);
    }

    @Singleton
    @Bean(preDestroy = "close")
    ProgressFollower progressFollower(PipelineFile file, AppliedLsn applied) {
        ProgressFollower follower =
                new ProgressFollower(new KafkaClients(file.pipeline().kafka()), file.pipeline(), applied);
        follower.start();
        return follower;
    }

    @Singleton
    @Bean(preDestroy = "close")
    Verifier verifier(PipelineFile file, LiveSources sources, MeterRegistry meters) {
        VerifyMeters verifyMeters = new VerifyMeters(meters, Clock.systemUTC());
        return new Verifier(file.pipeline(), sources, Clock.systemUTC(), verifyMeters::ended);
    }

    /** @param patience how long cache-writer may do no repair before a run that waits for one gives up */
    @Singleton
    @Bean(preDestroy = "close")
    KafkaRepairs repairs(PipelineFile file, @Value("${tidemark.reconcile.patience:60s}") Duration patience) {
        KafkaSettings kafka = file.pipeline().kafka();
        return new KafkaRepairs(new KafkaClients(kafka), kafka, patience);
    }

    /** @param perSecond how many rows to look at a second all the time, 0 for none */
    @Context
    @Bean(preDestroy = "close")
    Sampler sampler(
            PipelineFile file,
            LiveSources sources,
            Startup startup,
            ProgressFollower follower,
            MeterRegistry meters,
            @Value("${tidemark.sampler.rows-per-second:50}") int perSecond) {
        Sampler sampler = new Sampler(
                Subject.all(file.pipeline()),
                sources,
                () -> startup.entries().someKeys(),
                () -> startup.waitingFor().isEmpty() && follower.problem() == null,
                perSecond,
                Clock.systemUTC());
        SamplerMeters.bind(meters, sampler);
        sampler.begin();
        return sampler;
    }

    /** Only where the pipeline file has the cache that permits it. */
    @Context
    @Bean(preDestroy = "close")
    CanaryWatch canary(PipelineFile file, SourceDatabase database, Startup startup, MeterRegistry meters) {
        return CanaryWatch.of(file.pipeline(), database, startup, meters);
    }

    @Singleton
    LiveSources sources(
            PipelineFile file, SourceDatabase database, Startup startup, AppliedLsn applied, KafkaRepairs repairs) {
        KafkaSettings kafka = file.pipeline().kafka();
        KafkaStream stream = new KafkaStream(
                new KafkaClients(kafka), kafka.topics(), cache -> TableRows.shapeOf(database, cache.table()));
        return new LiveSources(database, startup, applied, stream, repairs);
    }

    @Singleton
    @Bean(preDestroy = "close")
    WalPosition walPosition(SourceDatabase database) {
        return new WalPosition(database);
    }

    @Singleton
    FreshnessReport.Source freshnessReports(AppliedLsn applied, WalPosition wal) {
        return () -> FreshnessReport.of(
                applied.rightUpTo(),
                applied.newest(),
                wal.ask(),
                Clock.systemUTC().instant());
    }

    @Context
    @Bean(preDestroy = "close")
    FreshnessMeters freshnessMeters(MeterRegistry registry, FreshnessReport.Source reports) {
        FreshnessMeters meters = new FreshnessMeters(registry, reports);
        meters.start();
        return meters;
    }

    @Singleton
    ServiceState serviceState(Startup startup, ProgressFollower follower) {
        return () -> startup.waitingFor().or(() -> Optional.ofNullable(follower.problem()));
    }
}

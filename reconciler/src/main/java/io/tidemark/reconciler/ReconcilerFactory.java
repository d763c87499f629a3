package io.tidemark.reconciler;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.reconciler.http.FreshnessReport;
import io.tidemark.reconciler.http.ServiceState;
import io.tidemark.reconciler.kafka.AppliedLsn;
import io.tidemark.reconciler.kafka.KafkaClients;
import io.tidemark.reconciler.kafka.ProgressFollower;
import io.tidemark.reconciler.postgres.WalPosition;
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
    Verifier verifier(
            PipelineFile file, SourceDatabase database, Startup startup, AppliedLsn applied, MeterRegistry meters) {
        VerifyMeters verifyMeters = new VerifyMeters(meters, Clock.systemUTC());
        return new Verifier(
                file.pipeline(), new LiveSources(database, startup, applied), Clock.systemUTC(), verifyMeters::ended);
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

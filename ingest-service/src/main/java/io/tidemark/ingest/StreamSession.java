package io.tidemark.ingest;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.CatalogCheck;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.pipeline.PipelineProblem;
import io.tidemark.ingest.debezium.ChangeEngine;
import io.tidemark.ingest.epoch.EpochDecision;
import io.tidemark.ingest.epoch.SourceFacts;
import io.tidemark.ingest.epoch.StreamState;
import io.tidemark.ingest.kafka.ChangePublisher;
import io.tidemark.ingest.kafka.EpochLog;
import io.tidemark.ingest.kafka.KafkaClients;
import io.tidemark.ingest.kafka.TopicSetup;
import io.tidemark.ingest.kafka.TruncateMarker;
import io.tidemark.ingest.postgres.Requirement;
import io.tidemark.ingest.postgres.SourceConnections;
import io.tidemark.ingest.postgres.SourceSession;
import io.tidemark.ingest.postgres.VisibilityGate;
import io.tidemark.ingest.stream.ConfigurationException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One life of the stream, from the first connection to whatever ends it: takes the lead, checks PostgreSQL and Kafka,
 * decides on the epoch, runs the engine and watches over it. It always ends by an exception. One thread runs it.
 */
final class StreamSession {
    private static final Logger LOG = LoggerFactory.getLogger(StreamSession.class);
    private static final long LOOK_AGAIN_MILLIS = 1000;

    private final PipelineFile file;
    private final Pipeline pipeline;
    private final IngestSettings settings;
    private final KafkaClients clients;
    private final SourceConnections connections;
    private final StreamProgress progress;
    private final StateBoard board;
    private final Clock clock;
    private final SortedSet<TableId> tables;

    StreamSession(
            PipelineFile file,
            IngestSettings settings,
            KafkaClients clients,
            SourceConnections connections,
            StreamProgress progress,
            StateBoard board,
            Clock clock) {
        this.file = file;
        this.pipeline = file.pipeline();
        this.settings = settings;
        this.clients = clients;
        this.connections = connections;
        this.progress = progress;
        this.board = board;
        this.clock = clock;
        this.tables = pipeline.followedTables();
    }

    /** Runs until something fails or changes, or the thread is interrupted. */
    void run() throws InterruptedException, ExecutionException {
        try (SourceSession source = SourceSession.open(connections, file, "ingest")) {
            takeTheLead(source);
            awaitRequirements(source);
            new TopicSetup(clients).prepare(tables, settings.mostBytes());
            awaitFreeSlot(source);
            try (EpochLog log = new EpochLog(clients)) {
                stream(source, log);
            }
        }
    }

    private void takeTheLead(SourceSession source) throws InterruptedException {
        while (!source.lead()) {
            board.show(new IngestState.StandBy(
                    "another ingest-service reads slot " + pipeline.source().slot() + " at " + connections.place()
                            + "; this one takes over when it is gone"));
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private void awaitRequirements(SourceSession source) throws InterruptedException {
        while (true) {
            CatalogCheck.Findings findings = source.disagreements();
            boolean mayWait = settings.waitForTables() || board.hasRun();
            findings.throwIfWrong(mayWait);
            List<Requirement> unmet = source.unmet();
            unmet.stream()
                    .filter(each -> each.kind() == Requirement.Kind.RISK)
                    .forEach(risk -> board.warn(risk.message()));
            boolean ready = findings.unready().isEmpty();
            List<String> wrong = unmet.stream()
                    .filter(each -> each.kind() == Requirement.Kind.WRONG)
                    // Whether the publication can be made is only seen when every table is there.
                    .filter(each -> ready || !each.ofPublication())
                    .map(Requirement::message)
                    .toList();
            if (!wrong.isEmpty()) {
                throw new ConfigurationException(wrong);
            }
            if (ready) {
                return;
            }
            board.show(new IngestState.Waiting("waits for tables: "
                    + findings.unready().values().stream()
                            .map(PipelineProblem::text)
                            .collect(Collectors.joining("; "))));
            Thread.sleep(2 * LOOK_AGAIN_MILLIS);
        }
    }

    private void awaitFreeSlot(SourceSession source) throws InterruptedException {
        int reader = source.slotReader();
        while (reader != 0) {
            board.show(new IngestState.Waiting("slot " + pipeline.source().slot() + " is read by process " + reader
                    + " of PostgreSQL; it goes on when that one ends (SELECT * FROM pg_stat_activity WHERE pid = "
                    + reader + ";)"));
            Thread.sleep(LOOK_AGAIN_MILLIS);
            reader = source.slotReader();
        }
    }

    private void stream(SourceSession source, EpochLog log) throws InterruptedException, ExecutionException {
        Optional<StreamState> known = log.state();
        SourceFacts facts =
                source.prepare(known.map(state -> state.tables().keySet()).orElse(Set.of()));
        EpochDecision decision =
                EpochDecision.decide(known.orElse(null), log.offset().orElse(null), remembering(facts, known, log));
        StreamState state = begin(source, log, facts, decision, known);
        List<String> topics = tables.stream()
                .map(table -> pipeline.kafka().topics().of(table))
                .distinct()
                .toList();
        try (ChangePublisher publisher =
                ChangePublisher.open(clients, settings.mostBytes(), decision.epoch(), topics)) {
            VisibilityGate gate = source.gate();
            boolean resumed = decision instanceof EpochDecision.Continue;
            if (decision instanceof EpochDecision.Begin begin && begin.entriesMayExist()) {
                invalidateAll(publisher);
            }
            progress.begin(decision.epoch(), resumed, resumed ? Map.of() : source.estimatedRows());
            StreamEvents events = new StreamEvents(progress, state, log);
            try (ChangeEngine engine = ChangeEngine.start(
                            pipeline, tables, source.shapes(), clients.common(), publisher, gate, events);
                    StreamWatch watch = new StreamWatch(
                            file, settings, connections, clients, publisher, progress, clock, engine, facts)) {
                board.show(new IngestState.Running());
                watch.await();
            }
        }
    }

    /** With Kafka's and the database's memory both empty, old records may still tell the epoch. */
    private SourceFacts remembering(SourceFacts facts, Optional<StreamState> known, EpochLog log) {
        if (known.isPresent() || facts.rememberedEpoch() > 0) {
            return facts;
        }
        int found = log.highestEpoch(tables.stream()
                .map(table -> pipeline.kafka().topics().of(table))
                .distinct()
                .toList());
        return new SourceFacts(
                facts.systemIdentifier(),
                facts.timeline(),
                facts.walLsn(),
                facts.slot(),
                facts.publication(),
                facts.publicationGap(),
                facts.tables(),
                found);
    }

    /** Keeps the new epoch before anything is undone, so that a crash in between begins yet another one. */
    private StreamState begin(
            SourceSession source, EpochLog log, SourceFacts facts, EpochDecision decision, Optional<StreamState> known)
            throws InterruptedException {
        String reason = decision instanceof EpochDecision.Begin begin
                ? begin.reason()
                : known.map(StreamState::reason).orElse("");
        boolean resumed = decision instanceof EpochDecision.Continue;
        if (!resumed) {
            requireSettled(source, facts.tables());
        }
        StreamState state = new StreamState(
                decision.epoch(),
                reason,
                facts.systemIdentifier(),
                facts.timeline(),
                facts.publication(),
                facts.tables(),
                resumed && known.map(StreamState::snapshotDone).orElse(false));
        if (!known.equals(Optional.of(state))) {
            log.keep(state);
        }
        if (!resumed) {
            LOG.atLevel(known.isPresent() ? Level.WARN : Level.INFO)
                    .log("epoch {} begins: {}; every table is read anew", decision.epoch(), reason);
            source.rememberEpoch(decision.epoch());
            log.dropOffset();
            source.dropSlot();
        }
        return state;
    }

    /** A script that drops and makes tables one by one is let finish, or each would begin an epoch of its own. */
    private static void requireSettled(SourceSession source, SortedMap<String, Long> oids) throws InterruptedException {
        Thread.sleep(LOOK_AGAIN_MILLIS / 2);
        if (!source.tableOids().equals(oids)) {
            throw new SessionEndedException("tables are being made anew");
        }
    }

    private void invalidateAll(ChangePublisher publisher) {
        List<TableId> marked = new ArrayList<>(tables);
        String database = pipeline.source().requireDatabase().name();
        marked.forEach(table -> publisher.publish(
                TruncateMarker.of(pipeline.kafka().topics().of(table), table, database, clock.instant())));
        publisher.awaitAcknowledged();
    }
}

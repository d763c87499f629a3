package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** The pipeline file as it was read: what it says, and where in it each thing stands. Immutable. */
public final class PipelineFile {

    /** The environment variable that names the pipeline file. */
    public static final String CONFIG_VARIABLE = "TIDEMARK_CONFIG";

    /** The form of the file that this program reads: the value of its setting {@code tidemark}. */
    public static final int FORM = 1;

    private final Pipeline pipeline;
    private final Places places;

    private PipelineFile(Pipeline pipeline, Places places) {
        this.pipeline = pipeline;
        this.places = places;
    }

    /**
     * Reads the file that {@value #CONFIG_VARIABLE} names, {@code tidemark.yaml} in the working directory otherwise.
     *
     * @param environment the environment's variables, as {@link System#getenv()} gives them
     * @throws InvalidPipelineException with everything that is wrong
     */
    public static PipelineFile fromEnvironment(Map<String, String> environment) {
        return load(Path.of(environment.getOrDefault(CONFIG_VARIABLE, "tidemark.yaml")), environment);
    }

    /**
     * Reads a file.
     *
     * @param environment the environment's variables, which override what stands in the file
     * @throws InvalidPipelineException with everything that is wrong
     */
    public static PipelineFile load(Path file, Map<String, String> environment) {
        Path name = file.getFileName();
        return read(name == null ? file.toString() : name.toString(), YamlDocument.read(file), environment);
    }

    /**
     * Reads a file's content.
     *
     * @param name what the file is called in messages
     * @throws InvalidPipelineException with everything that is wrong
     */
    public static PipelineFile parse(String name, byte[] content, Map<String, String> environment) {
        return read(name, YamlDocument.parse(name, content), environment);
    }

    private static PipelineFile read(String name, MappingNode root, Map<String, String> environment) {
        Reading reading = new Reading(name, environment);
        Section file = new Section(reading, "", root, new Place(name, 1, 1, ""));
        file.require("tidemark", "the form of the file as its first line, tidemark: " + FORM);
        file.integer("tidemark", FORM, FORM, FORM);
        ConnectionsReader connections = new ConnectionsReader(reading);
        SourceSettings source = connections.source(file.section("source"));
        KafkaSettings kafka = connections.kafka(file.section("kafka"));
        RedisSettings redis = connections.redis(file.section("redis"));
        TablesReader.Said tables = new TablesReader(reading).tables(file.section("tables"));
        CachesReader.Caches caches = new CachesReader(reading, tables.columns()).caches(file.section("caches"));
        QueryCaches queries =
                new QueryCaches(caches.ofQueries(), new QueriesReader(reading).refresh(file.section("refresh")));
        Upkeep upkeep = upkeep(reading, file, caches);
        file.refuseUnknown();
        reading.refuseUnknownVariables();
        if (reading.problems().none() && tables.columns().isEmpty() && caches.none()) {
            reading.problems().add(file.place(), "expected at least one cache under caches, or a table under tables");
        }
        reading.problems().throwIfAny();
        return new PipelineFile(
                new Pipeline(
                        source,
                        kafka,
                        redis,
                        tables.columns(),
                        caches.ofRows(),
                        tables.invalidations(),
                        queries,
                        upkeep,
                        caches.warm()),
                new Places(name, root));
    }

    private static Upkeep upkeep(Reading reading, Section file, CachesReader.Caches caches) {
        UpkeepReader reader = new UpkeepReader(reading);
        Set<String> names = caches.names();
        Section searched = file.section("search");
        SearchData search = reader.search(searched, names);
        List<ScheduledJob> schedules = new ArrayList<>(reader.searchSchedules(searched, !search.isNone()));
        schedules.addAll(reader.schedules(file.section("schedules"), names, !search.isNone()));
        return new Upkeep(caches.resyncs(), schedules, search, caches.ttls());
    }

    /** What the file says, with the environment's overrides. */
    public Pipeline pipeline() {
        return pipeline;
    }

    /**
     * Something wrong with a cache that is only known where the file is used.
     *
     * @param setting which of its settings, like {@code query}
     * @param message what was expected, what was found, what to do
     */
    public PipelineProblem problemOf(String cache, String setting, String message) {
        return places.of("caches." + cache + "." + setting).problem(message);
    }

    /** Something wrong with what a cache says of a table that it depends on; as {@link #problemOf}. */
    public PipelineProblem problemOfDependency(QueryCache cache, TableId table, String message) {
        return places.ofDependency(cache, table).problem(message);
    }

    /** Where each setting stands. */
    Places places() {
        return places;
    }
}

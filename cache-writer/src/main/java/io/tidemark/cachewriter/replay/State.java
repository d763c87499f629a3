package io.tidemark.cachewriter.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.past.History.Span;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** How far a replay is, as it is kept for whoever goes on with it. Thread-safe. */
final class State {
    private static final JsonMapper JSON = new JsonMapper();

    private final String id;
    private final Wish wish;
    private final SortedSet<String> topics;
    private final Set<String> rowCaches;
    private final Set<String> queryCaches;
    private final boolean whole;
    private final Map<Partition, Span> left;
    private Map<String, Long> counts = Map.of();

    private State(String id, Wish wish, Plan plan) {
        this.id = id;
        this.wish = wish;
        this.topics = plan.topics();
        this.rowCaches = plan.rowCaches();
        this.queryCaches = plan.queryCaches();
        this.whole = plan.whole();
        this.left = new LinkedHashMap<>(plan.spans());
    }

    static State begun(String id, Wish wish, Plan plan) {
        return new State(id, wish, plan);
    }

    String id() {
        return id;
    }

    Wish wish() {
        return wish;
    }

    SortedSet<String> topics() {
        return topics;
    }

    /** What is left of it. */
    synchronized Plan plan() {
        return new Plan(topics, new LinkedHashMap<>(left), rowCaches, queryCaches, whole);
    }

    synchronized Map<String, Long> counts() {
        return counts;
    }

    /** Of a partition only the offsets below this are left. */
    synchronized void leave(Partition partition, long begin, long end) {
        left.put(partition, new Span(begin, end));
    }

    /** Takes in what the job has counted; answers how much more that is. */
    synchronized Map<String, Long> counted(Job job) {
        Map<String, Long> now = new LinkedHashMap<>();
        job.json()
                .path("counts")
                .properties()
                .forEach(one -> now.put(one.getKey(), one.getValue().asLong()));
        Map<String, Long> more = new LinkedHashMap<>();
        now.forEach((name, count) -> more.put(name, count - counts.getOrDefault(name, 0L)));
        counts = now;
        return more;
    }

    synchronized String text() {
        ObjectNode json = JSON.createObjectNode();
        json.set("wish", wish.json());
        json.set("topics", JSON.valueToTree(topics));
        json.set("row_caches", JSON.valueToTree(rowCaches));
        json.set("query_caches", JSON.valueToTree(queryCaches));
        json.put("whole", whole);
        json.set("counts", JSON.valueToTree(counts));
        var spans = json.putArray("left");
        left.forEach((partition, span) -> spans.addObject()
                .put("topic", partition.topic())
                .put("partition", partition.number())
                .put("begin", span.begin())
                .put("end", span.end()));
        return json.toString();
    }

    /** Reads what {@link #text} gave. */
    static State parse(String id, String text) {
        try {
            JsonNode json = JSON.readTree(text);
            Map<Partition, Span> left = new LinkedHashMap<>();
            json.path("left")
                    .forEach(one -> left.put(
                            new Partition(
                                    one.path("topic").asText(),
                                    one.path("partition").asInt()),
                            new Span(one.path("begin").asLong(), one.path("end").asLong())));
            State state = new State(
                    id,
                    Wish.of(json.path("wish")),
                    new Plan(
                            new TreeSet<>(texts(json.path("topics"))),
                            left,
                            texts(json.path("row_caches")),
                            texts(json.path("query_caches")),
                            json.path("whole").asBoolean()));
            Map<String, Long> counts = new LinkedHashMap<>();
            json.path("counts")
                    .properties()
                    .forEach(one -> counts.put(one.getKey(), one.getValue().asLong()));
            state.counts = counts;
            return state;
        } catch (JsonProcessingException unreadable) {
            throw new IllegalStateException("BUG: the state of replay " + id + " cannot be read", unreadable);
        }
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(one -> texts.add(one.asText()));
        return texts;
    }
}

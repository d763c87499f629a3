package io.tidemark.cachewriter;

/** Caches of every kind and format, beside the one that every stack has, for tests that resync them. */
final class ResyncCaches {
    static final String YAML = """
              item-list:
                query: select id, name from item order by id
                key: all_items
                depends: [public.item]
                stamp: items:last_sync
                resync: {interval: 1h}
              item-index:
                table: public.item
                index: items:index
                member: "{id}"
                score: id
              item-page:
                query: select id, upper(name) as name from item
                key: "page:{id}"
                depends: {public.item: "{id}"}
                resync: {strategy: events}
              hash-item: {table: public.item, key: "hash:{id}", format: hash}
              zipped-item: {table: public.item, key: "zip:{id}", compress: 10B}
              short-item: {table: public.item, key: "short:{id}", ttl: 1h}
              short-page:
                query: select id, upper(name) as name from item
                key: "short-page:{id}"
                ttl: 1h
                depends: {public.item: "{id}"}
              timed-item:
                table: public.item
                key: "timed:{id}"
                ttl: 1h
                resync: {interval: 1s, strategy: time}
            """;

    private ResyncCaches() {}
}

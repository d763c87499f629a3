// Keeps the page live: takes what the service sends, says how old it is, draws the health of the last hour.
'use strict';
(() => {
  const STALE_AFTER_MS = 5000;
  let stream = null;
  let loading = null;
  let heard = 0;
  let chart = null;
  // The service's clock and this one may differ: ages are told by the service's.
  let offset = 0;

  const words = (seconds) => {
    if (seconds < 1) return 'just now';
    if (seconds < 120) return `${Math.floor(seconds)} s ago`;
    if (seconds < 7200) return `${Math.floor(seconds / 60)} min ago`;
    if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ago`;
    return `${Math.floor(seconds / 86400)} days ago`;
  };

  const tellAges = () => {
    for (const time of document.querySelectorAll('time.age')) {
      const at = Date.parse(time.dateTime);
      if (!Number.isNaN(at)) {
        const text = words((Date.now() + offset - at) / 1000);
        if (time.textContent !== text) time.textContent = text;
        time.title = time.dateTime;
      }
    }
    const live = document.getElementById('live');
    if (live) {
      const stale = heard > 0 && Date.now() - heard > STALE_AFTER_MS;
      live.classList.toggle('stale', stale);
      document.getElementById('live-text').textContent = stale ? 'not live, trying again; as of' : 'live, as of';
    }
  };

  const clock = (seconds) => {
    const at = new Date(seconds * 1000);
    return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
  };

  const plot = (samples) => {
    const place = document.getElementById('chart');
    if (!place || typeof uPlot === 'undefined') return;
    const isHealth = place.dataset.kind !== 'records';
    const data = isHealth ? [samples[0], samples[1], samples[0].map(() => 80)] : samples;
    if (chart && place.contains(chart.root)) {
      chart.setData(data);
      return;
    }
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    const axis = { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line') } };
    chart = new uPlot({
      width: Math.max(240, place.clientWidth), height: 160,
      scales: { y: { range: isHealth ? [0, 105] : (_, least, most) => [0, Math.max(10, most * 1.1)] } },
      legend: { show: false }, cursor: { show: false },
      series: [{}, { label: isHealth ? 'Health' : 'Records', stroke: color('--accent'), width: 2, fill: color('--info-bg') },
        ...(isHealth ? [{ label: '80 %', stroke: color('--bad'), width: 1, dash: [6, 4] }] : [])],
      axes: [{ ...axis, space: 80, incrs: isHealth ? [1, 5, 15, 30, 60, 300, 600, 900] : [60, 300, 900, 3600, 10800, 21600, 43200], values: (_, ticks) => ticks.map(clock) },
        { ...axis, size: isHealth ? 56 : 90, values: (_, ticks) => ticks.map((tick) => (isHealth ? `${tick} %` : tick.toLocaleString('en'))) }],
    }, data, place);
  };

  const fill = (element, html) => {
    element.innerHTML = html;
    htmx.process(element);
  };

  const replaceRow = (store, html) => {
    const rows = document.getElementById('rows');
    if (!rows) return;
    const made = document.createElement('tbody');
    fill(made, html);
    const row = made.firstElementChild;
    const old = document.getElementById(`row-${store}`);
    const wanted = rows.dataset.onlyAttention !== 'true' || row.dataset.badge !== 'healthy';
    if (!wanted) {
      if (old) old.remove();
      return;
    }
    const focused = old && old.contains(document.activeElement);
    if (old) {
      if (old.innerHTML === row.innerHTML && old.dataset.badge === row.dataset.badge) return;
      row.classList.add('changed');
      old.replaceWith(row);
    } else {
      const order = (one) => one.dataset.order || one.id;
      const next = [...rows.children].find((other) => order(other) > order(row));
      rows.insertBefore(row, next || null);
    }
    if (focused) (row.querySelector('a') || row).focus();
  };

  const take = (event) => {
    const state = JSON.parse(event.data);
    heard = Date.now();
    offset = Date.parse(state.at) - heard;
    const asOf = document.getElementById('as-of');
    if (!asOf) return;
    asOf.dateTime = state.at;
    const overview = document.getElementById('overview');
    if (overview.dataset.shown !== state.overview) {
      overview.dataset.shown = state.overview;
      fill(overview, state.overview);
    }
    for (const [store, html] of Object.entries(state.rows)) replaceRow(store, html);
    for (const gone of state.gone || []) {
      const row = document.getElementById(`row-${gone}`);
      if (row) row.remove();
    }
    if (state.samples) plot(state.samples);
    tellAges();
  };

  const begin = () => {
    const live = document.getElementById('live');
    if (stream) {
      stream.close();
      stream = null;
    }
    if (live) {
      stream = new EventSource(live.dataset.live);
      stream.addEventListener('state', take);
      chart = null;
      plot(JSON.parse(document.getElementById('chart').dataset.samples));
    }
    tellAges();
  };

  document.addEventListener('DOMContentLoaded', begin);
  document.addEventListener('htmx:afterSettle', (event) => {
    if (event.target === document.body) {
      begin();
      document.getElementById('main').focus({ preventScroll: true });
    }
  });
  document.addEventListener('htmx:historyRestore', begin);
  // Only the page that was asked for last is put in place: a late answer would stand under another's address.
  const loadOnly = (event) => {
    if (loading) loading.abort();
    loading = event.detail.xhr;
  };
  document.addEventListener('htmx:beforeSend', loadOnly);
  document.addEventListener('htmx:historyCacheMiss', loadOnly);
  // An answer that refuses is a page as well.
  document.addEventListener('htmx:beforeSwap', (event) => {
    if (event.detail.xhr.status >= 400) event.detail.shouldSwap = true;
  });
  document.addEventListener('keydown', (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...document.querySelectorAll('#rows th a')];
    const at = links.indexOf(document.activeElement);
    if (event.key === 'j' && links.length) links[Math.min(at + 1, links.length - 1)].focus();
    if (event.key === 'k' && links.length) links[Math.max(at - 1, 0)].focus();
  });
  window.addEventListener('resize', () => {
    const place = document.getElementById('chart');
    if (chart && place) chart.setSize({ width: Math.max(240, place.clientWidth), height: 160 });
  });
  setInterval(tellAges, 1000);
})();

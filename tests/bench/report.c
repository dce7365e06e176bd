// The result as a table, as JSON and as a chart.
#include "report.h"

#include <math.h>
#include <string.h>

#include "cleat/cleat.h"

enum { MOST_ROWS = 128 };
static BenchRow rows[MOST_ROWS];
static int row_count;
bool bench_json;

static bool is_beyond(const BenchRow* row, double ratio) {
  if (row->aim == 0 || ratio == 0) return false;
  return row->at_least ? ratio < row->aim : ratio > row->aim;
}

// Ours in units of the yardstick, or 0.
static double to_yardstick(const BenchRow* row) { return row->yardstick == 0 ? 0 : row->ours / row->yardstick; }

static bool is_too_slow(const BenchRow* row) { return row->most != 0 && to_yardstick(row) > row->most; }

static bool misses(const BenchRow* row) { return is_beyond(row, row->ratio) || is_too_slow(row); }

static bool hand_misses(const BenchRow* row) { return is_beyond(row, row->hand_ratio); }

static void print_figure(double value, const char* unit) {
  if (value == 0) {
    printf("%14s", "");
  } else {
    printf("%*.*f %-3s", 10, value < 100 ? 2 : 0, value, unit);
  }
}

void bench_print_heading(void) {
  printf("V8 %s. Figures are medians; a ratio is the median of the ratios of interleaved rounds.\n\n",
         cleat_engine_version());
  printf("%-36s%14s%14s%14s%9s  %s\n", "path", "ours", "by hand", "yardstick", "ratio", "aim");
}

static void print_row(const BenchRow* row) {
  printf("%-36s", row->name);
  print_figure(row->ours, row->unit);
  print_figure(row->hand, row->unit);
  print_figure(row->yardstick, row->unit);
  printf("%9.2f", row->ratio);
  if (row->aim != 0) printf("  %s %.2f x %s", row->at_least ? ">=" : "<=", row->aim, row->against);
  if (row->most != 0) printf(", %.1f <= %.0f x a C call", to_yardstick(row), row->most);
  if (misses(row)) printf("  MISSED");
  if (misses(row) && hand_misses(row)) printf(" (V8: by hand %.2f)", row->hand_ratio);
  printf("\n");
  fflush(stdout);
}

void bench_add_row(const BenchRow* row) {
  if (row_count == MOST_ROWS) return;
  rows[row_count++] = *row;
  if (!bench_json) print_row(row);
}

int bench_missed(int* by_hand_too) {
  int count = 0;
  *by_hand_too = 0;
  for (int i = 0; i < row_count; i++) {
    count += misses(&rows[i]);
    *by_hand_too += misses(&rows[i]) && hand_misses(&rows[i]);
  }
  return count;
}

void bench_print_json(FILE* out) {
  fprintf(out, "{\n  \"v8\": \"%s\",\n  \"rows\": [", cleat_engine_version());
  for (int i = 0; i < row_count; i++) {
    const BenchRow* row = &rows[i];
    fprintf(out, "%s\n    {\"name\": \"%s\", \"unit\": \"%s\", \"ours\": %g, \"hand\": %g, \"yardstick\": %g, ",
            i == 0 ? "" : ",", row->name, row->unit, row->ours, row->hand, row->yardstick);
    fprintf(out, "\"ratio\": %g, \"against\": \"%s\", \"aim\": %g, \"at_least\": %s, ", row->ratio, row->against,
            row->aim, row->at_least ? "true" : "false");
    fprintf(out, "\"hand_ratio\": %g, \"most\": %g, \"sum\": %.17g, \"missed\": %s}", row->hand_ratio, row->most,
            row->sum, misses(row) ? "true" : "false");
  }
  fprintf(out, "\n  ]\n}\n");
}

// THE CHART: a group of up to three bars per path, on a log scale from the smallest power of ten.

enum { LABELS = 240, WIDTH = 520, BAR = 9, GROUP = 36, TOP = 56 };

static double nanoseconds(const BenchRow* row, double value) {
  if (strcmp(row->unit, "us") == 0) return value * 1e3;
  if (strcmp(row->unit, "ms") == 0) return value * 1e6;
  return value;
}

static bool is_time(const BenchRow* row) { return strcmp(row->unit, "KB") != 0 && strcmp(row->unit, "%") != 0; }

void bench_print_svg(FILE* out) {
  static const char* const colours[] = {"#3a6ea5", "#c0a16b", "#9a9a9a"};
  static const char* const names[] = {"Cleat", "V8's API by hand", "yardstick"};
  int shown = 0;
  for (int i = 0; i < row_count; i++) shown += is_time(&rows[i]);
  const double decades = 8;  // 0.1 ns to 10 ms
  fprintf(out,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
          "font-size=\"11\">\n",
          LABELS + WIDTH + 60, TOP + shown * GROUP + 10);
  fprintf(out, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n");
  for (int k = 0; k < 3; k++) {
    fprintf(out, "<rect x=\"%d\" y=\"10\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"20\">%s</text>\n",
            LABELS + k * 150, colours[k], LABELS + k * 150 + 18, names[k]);
  }
  static const char* const marks[] = {"0.1 ns", "1 ns", "10 ns", "100 ns", "1 us", "10 us", "100 us", "1 ms", "10 ms"};
  for (int k = 0; k < 9; k++) {
    double x = LABELS + WIDTH * k / decades;
    fprintf(out,
            "<line x1=\"%.0f\" y1=\"%d\" x2=\"%.0f\" y2=\"%d\" stroke=\"#ddd\"/><text x=\"%.0f\" y=\"%d\" "
            "text-anchor=\"middle\" fill=\"#666\">%s</text>\n",
            x, TOP - 8, x, TOP + shown * GROUP, x, TOP - 14, marks[k]);
  }
  int at = TOP;
  for (int i = 0; i < row_count; i++) {
    const BenchRow* row = &rows[i];
    if (!is_time(row)) continue;
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", LABELS - 8, at + 18, row->name);
    const double values[] = {row->ours, row->hand, row->yardstick};
    for (int k = 0; k < 3; k++) {
      if (values[k] <= 0) continue;
      double length = WIDTH * (log10(nanoseconds(row, values[k])) + 1) / decades;
      if (length < 1) length = 1;
      fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", LABELS, at + k * (BAR + 1),
              length, BAR, colours[k]);
    }
    at += GROUP;
  }
  fprintf(out, "</svg>\n");
}

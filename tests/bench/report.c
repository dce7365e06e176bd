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
  return row->at_least ? ratio + row->spread < row->aim : ratio - row->spread > row->aim;
}

// A figure in units of the yardstick, or 0.
static double to_yardstick(const BenchRow* row, double figure) {
  return row->yardstick == 0 ? 0 : figure / row->yardstick;
}

static bool is_too_slow(const BenchRow* row, double figure) {
  return row->most != 0 && to_yardstick(row, figure) > row->most;
}

static bool is_beyond_aim(const BenchRow* row) { return is_beyond(row, row->ratio) || is_too_slow(row, row->ours); }

// Whether all that is missed is missed by hand, too, and the aim would be reached if what is by hand were the
// yardstick.
static bool is_limit_of_v8(const BenchRow* row) {
  return is_beyond_aim(row) && (!is_beyond(row, row->ratio) || row->hand_ratio > row->aim) &&
         (!is_too_slow(row, row->ours) || is_too_slow(row, row->hand)) && !is_beyond(row, row->to_hand);
}

static bool misses(const BenchRow* row) { return is_beyond_aim(row) && !is_limit_of_v8(row); }

static void print_figure(double value, const char* unit) {
  if (value == 0) {
    printf("%14s", "");
  } else {
    printf("%*.*f %-3s", 10, value < 100 ? 2 : 0, value, unit);
  }
}

void bench_print_heading(void) {
  printf(
      "V8 %s. Figures are medians; a ratio is the median of the ratios of interleaved rounds, +- the 95 %% interval of "
      "it:\n"
      "an aim is missed where all of that is beyond it. Where V8's API by hand misses it too, it is V8's limit, and "
      "ours "
      "is\nheld to the same aim against what is by hand.\n\n",
      cleat_engine_version());
  printf("%-38s%14s%14s%14s%9s        %s\n", "path", "ours", "by hand", "yardstick", "ratio", "aim");
}

static void print_row(const BenchRow* row) {
  printf("%-38s", row->name);
  print_figure(row->ours, row->unit);
  print_figure(row->hand, row->unit);
  print_figure(row->yardstick, row->unit);
  printf("%9.2f", row->ratio);
  if (row->spread == 0) {
    printf("%7s", "");
  } else {
    printf(" +-%-4.2f", row->spread);
  }
  if (row->aim != 0) printf("  %s %.2f x %s", row->at_least ? ">=" : "<=", row->aim, row->against);
  if (row->most != 0) printf(", %.1f <= %.0f x a C call", to_yardstick(row, row->ours), row->most);
  if (misses(row)) printf("  MISSED");
  if (is_limit_of_v8(row)) printf("  V8's limit");
  if (is_beyond_aim(row) && row->hand != 0 && (row->hand_ratio != 0 || row->most != 0)) {
    printf(": by hand %.2f", row->hand_ratio != 0 ? row->hand_ratio : to_yardstick(row, row->hand));
    printf(", ours %.2f x that", row->to_hand);
  }
  printf("\n");
  fflush(stdout);
}

void bench_add_row(const BenchRow* row) {
  if (row_count == MOST_ROWS) return;
  rows[row_count++] = *row;
  if (!bench_json) print_row(row);
}

int bench_missed(int* limits_of_v8) {
  int count = 0;
  *limits_of_v8 = 0;
  for (int i = 0; i < row_count; i++) {
    count += misses(&rows[i]);
    *limits_of_v8 += is_limit_of_v8(&rows[i]);
  }
  return count;
}

void bench_print_json(FILE* out) {
  fprintf(out, "{\n  \"v8\": \"%s\",\n  \"rows\": [", cleat_engine_version());
  for (int i = 0; i < row_count; i++) {
    const BenchRow* row = &rows[i];
    fprintf(out, "%s\n    {\"name\": \"%s\", \"unit\": \"%s\", \"ours\": %g, \"hand\": %g, \"yardstick\": %g, ",
            i == 0 ? "" : ",", row->name, row->unit, row->ours, row->hand, row->yardstick);
    fprintf(out, "\"ratio\": %g, \"spread\": %g, \"against\": \"%s\", \"aim\": %g, \"at_least\": %s, ", row->ratio,
            row->spread, row->against, row->aim, row->at_least ? "true" : "false");
    fprintf(out, "\"hand_ratio\": %g, \"to_hand\": %g, \"most\": %g, \"sum\": %.17g, ", row->hand_ratio, row->to_hand,
            row->most, row->sum);
    fprintf(out, "\"missed\": %s, \"limit_of_v8\": %s}", misses(row) ? "true" : "false",
            is_limit_of_v8(row) ? "true" : "false");
  }
  fprintf(out, "\n  ]\n}\n");
}

// THE CHART: a group of up to three bars per path, on a log scale from 1 ns, with the ratio behind it.

enum { LABELS = 250, WIDTH = 480, BAR = 5, GROUP = 21, TOP = 62, RATIO = 90, DECADES = 8 };

static const char* const colours[] = {"#2f6db3", "#d9a441", "#a8a8a8"};

static double nanoseconds(const BenchRow* row, double value) {
  if (strcmp(row->unit, "us") == 0) return value * 1e3;
  if (strcmp(row->unit, "ms") == 0) return value * 1e6;
  return value;
}

static bool is_time(const BenchRow* row) { return strcmp(row->unit, "KB") != 0 && strcmp(row->unit, "%") != 0; }

static void print_text(FILE* out, double x, double y, const char* anchor, const char* colour, const char* text) {
  fprintf(out, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n", x, y, anchor, colour, text);
}

static void print_scale(FILE* out, int height) {
  static const char* const names[] = {"Cleat", "V8's API by hand", "yardstick: a C call, memcpy, eventfd, ..."};
  static const char* const marks[] = {"1 ns", "10 ns", "100 ns", "1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms"};
  static const int places[] = {0, 70, 200};
  for (int k = 0; k < 3; k++) {
    fprintf(out, "<rect x=\"%d\" y=\"10\" width=\"11\" height=\"11\" fill=\"%s\"/>\n", LABELS + places[k], colours[k]);
    print_text(out, LABELS + places[k] + 16, 20, "start", "#222", names[k]);
  }
  print_text(out, LABELS + WIDTH + RATIO - 8, TOP - 14, "end", "#222", "Cleat to");
  for (int k = 0; k <= DECADES; k++) {
    double x = LABELS + (double)WIDTH * k / DECADES;
    fprintf(out, "<line x1=\"%.0f\" y1=\"%d\" x2=\"%.0f\" y2=\"%d\" stroke=\"#ddd\"/>\n", x, TOP - 8, x, height);
    print_text(out, x, TOP - 14, "middle", "#666", marks[k]);
  }
}

static const char* colour_of(const BenchRow* row) {
  if (is_limit_of_v8(row)) return "#a60";
  return misses(row) ? "#b00" : "#222";
}

static void print_group(FILE* out, const BenchRow* row, int at) {
  print_text(out, LABELS - 8, at + 12, "end", "#222", row->name);
  const double values[] = {row->ours, row->hand, row->yardstick};
  for (int k = 0; k < 3; k++) {
    if (values[k] <= 0) continue;
    double length = WIDTH * log10(nanoseconds(row, values[k])) / DECADES;
    fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", LABELS, at + k * BAR,
            length < 1 ? 1 : length, BAR, colours[k]);
  }
  char text[48];
  double ratio = row->at_least ? 1 / row->ratio : row->ratio;
  bool by_hand = strcmp(row->against, "by hand") == 0;
  snprintf(text, sizeof(text), "%.2f %s", ratio, by_hand ? "hand" : "yardstick");
  print_text(out, LABELS + WIDTH + RATIO - 8, at + 12, "end", colour_of(row), text);
}

void bench_print_svg(FILE* out) {
  int shown = 0;
  for (int i = 0; i < row_count; i++) shown += is_time(&rows[i]);
  const int height = TOP + shown * GROUP;
  fprintf(out,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" "
          "font-size=\"11\">\n",
          LABELS + WIDTH + RATIO, height + 10);
  fprintf(out, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n");
  print_scale(out, height);
  for (int i = 0, at = TOP; i < row_count; i++) {
    if (!is_time(&rows[i])) continue;
    print_group(out, &rows[i], at);
    at += GROUP;
  }
  fprintf(out, "</svg>\n");
}

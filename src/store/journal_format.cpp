// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/journal_format.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/json.hpp"

namespace chatvim::store {

namespace {

using document::Lead;

constexpr std::array<std::pair<Lead::Start, std::string_view>, 3> kStarts{
    {{Lead::Start::kDocument, "document"},
     {Lead::Start::kMessage, "message"},
     {Lead::Start::kCut, "cut"}}};

tl::unexpected<Error> broken(std::string_view why) {
  return tl::unexpected(Error{ErrorCode::kBadJournal, std::string(why)});
}

/// The fields of a line of JSON; `good` becomes false at the first that is missing or wrong.
struct Reader {
  Json map;
  bool good = true;

  explicit Reader(std::string_view line)
      : map(Json::parse(line, nullptr, false)), good(map.is_object()) {}

  std::string text(const char* name) {
    const auto found = good ? map.find(name) : map.end();
    good = good && found != map.end() && found->is_string();
    return good ? found->get<std::string>() : std::string();
  }
  std::size_t size(const char* name) {
    const auto found = good ? map.find(name) : map.end();
    good = good && found != map.end() && found->is_number_unsigned();
    return good ? found->get<std::size_t>() : 0;
  }
};

document::Format read_format(Reader& reader) {
  document::Format format;
  format.user_delimiter = reader.text("user");
  format.assistant_delimiter = reader.text("assistant");
  format.system_delimiter = reader.text("system");
  format.delimiter_prefix = reader.text("prefix");
  format.delimiter_suffix = reader.text("suffix");
  for (const auto* line :
       {&format.user_delimiter, &format.assistant_delimiter, &format.system_delimiter}) {
    reader.good = reader.good && !line->empty() && line->find('\n') == std::string::npos;
  }
  return format;
}

Lead::Start read_start(Reader& reader) {
  const std::string name = reader.text("start");
  for (const auto& [start, known] : kStarts) {
    if (name == known) return start;
  }
  reader.good = false;
  return Lead::Start::kDocument;
}

/// Divides what is behind the lead into text, ending and time.
void read_text(std::string_view bytes, JournalContents& contents) {
  std::size_t ending = 0;
  if (const auto line = bytes.rfind('\n'); line != std::string_view::npos) {
    Reader footer(bytes.substr(line + 1));
    const std::size_t size = footer.size("ending");
    const std::size_t time = footer.size("time");
    contents.whole = footer.good && footer.map.value("whole", false);
    if (footer.good && size <= line) {
      ending = size;
      contents.time = static_cast<std::int64_t>(time);
      bytes = bytes.substr(0, line);
    }
  }
  contents.answer.text = bytes.substr(0, bytes.size() - ending);
  contents.answer.ending = bytes.substr(bytes.size() - ending);
}

}  // namespace

std::string encode_header(const JournalHeader& header) {
  const auto& lead = header.lead;
  std::string_view start;
  for (const auto& [value, name] : kStarts) {
    if (value == lead.start) start = name;
  }
  const auto& format = header.format;
  const Json map = {{"chatvim", "journal"},
                    {"version", 1},
                    {"offered", 0},
                    {"file", header.file},
                    {"user", format.user_delimiter},
                    {"assistant", format.assistant_delimiter},
                    {"system", format.system_delimiter},
                    {"prefix", format.delimiter_prefix},
                    {"suffix", format.delimiter_suffix},
                    {"start", start},
                    {"at", lead.at},
                    {"lead", lead.text.size()},
                    {"replaced", lead.replaced.size()}};
  // The path may hold bytes that are no UTF-8.
  std::string bytes = map.dump(-1, ' ', false, Json::error_handler_t::replace);
  bytes += '\n';
  bytes += lead.text;
  bytes += lead.replaced;
  return bytes;
}

std::string encode_footer(const JournalFooter& footer) {
  return fmt::format("\n{{\"ending\":{},\"time\":{}{}}}", footer.ending, footer.time,
                     footer.whole ? ",\"whole\":true" : "");
}

Result<JournalContents> parse_journal(std::string_view bytes) {
  const std::size_t line = bytes.find('\n');
  if (!bytes.starts_with(kJournalMagic) || line == std::string_view::npos) {
    return broken("it is no journal of this version of Chatvim");
  }
  Reader header(bytes.substr(0, line));
  bytes.remove_prefix(line + 1);
  JournalContents contents;
  contents.offered = header.size("offered") != 0;
  contents.file = header.text("file");
  contents.answer.format = read_format(header);
  Lead& lead = contents.answer.lead;
  lead.start = read_start(header);
  lead.at = header.size("at");
  const std::size_t size = header.size("lead");
  const std::size_t replaced = header.size("replaced");
  if (!header.good) return broken("its first line is damaged");
  if (size > bytes.size() || replaced > bytes.size() - size) return broken("its end is missing");
  lead.text = bytes.substr(0, size);
  lead.replaced = bytes.substr(size, replaced);
  read_text(bytes.substr(size + replaced), contents);
  return contents;
}

}  // namespace chatvim::store

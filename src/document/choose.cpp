// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/choose.hpp"

#include <algorithm>
#include <optional>

#include "chatvim/document/reader.hpp"
#include "chatvim/text/lines.hpp"
#include "other_answers.hpp"
#include "read_steps.hpp"
#include "sections.hpp"
#include "special_lines.hpp"

namespace chatvim::document {

namespace {

/// Stands for the model of an answer that does not say where it comes from.
constexpr std::string_view kUnknownModel = "unknown/unknown";

/// Returns the answer as it is among the others; nothing if it has no text.
std::optional<OtherAnswer> as_other(const ReadAnswer& answer) {
  OtherAnswer other;
  other.text = text_of(message_parts(answer.parts));
  if (other.text.empty()) return std::nullopt;
  other.provenance = answer.provenance.value_or(Provenance{std::string(kUnknownModel)});
  return other;
}

std::string write_choice(const ReadAnswer& answer, std::size_t chosen, Lines lines,
                         const SpecialLines& special) {
  const auto& others = answer.others;
  std::string out = write_text(others[chosen].text, special);
  out.append("\n\n").append(write_provenance(others[chosen].provenance));
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (i != chosen) {
      out += '\n';
      for (const auto line : lines.subspan(others[i].line, others[i].end - others[i].line)) {
        out.append("\n").append(text::without_returns(line));
      }
    } else if (const auto former = as_other(answer)) {
      out.append("\n\n").append(write_other(*former, special));
    }
  }
  return out;
}

bool has_blocks(const ReadAnswer& answer) {
  return std::any_of(answer.parts.begin(), answer.parts.end(), [](const PlacedPart& placed) {
    return placed.part.kind != AnswerPart::Kind::kText;
  });
}

tl::expected<Choice, NoChoice> choose_in(Lines text, const SpecialLines& special, std::size_t row) {
  const ReadAnswer answer = read_answer(text, special);
  const auto other =
      std::find_if(answer.others.begin(), answer.others.end(),
                   [row](const OtherAnswer& one) { return row >= one.line && row < one.end; });
  if (other == answer.others.end()) return tl::unexpected(NoChoice::kNoOther);
  if (text::is_blank(other->text)) return tl::unexpected(NoChoice::kEmpty);
  if (has_blocks(answer)) return tl::unexpected(NoChoice::kHasBlocks);
  const auto chosen = static_cast<std::size_t>(other - answer.others.begin());
  return Choice{0, text.size(), write_choice(answer, chosen, text, special)};
}

}  // namespace

tl::expected<Choice, NoChoice> choose_answer(std::span<const std::string_view> lines,
                                             const Format& format, std::size_t row) {
  const Lines body = lines.subspan(find_front_matter(lines).body_line);
  const SpecialLines special(format, leading_marker(body));
  for (const Section& section : read_sections(body, special)) {
    const auto first = static_cast<std::size_t>(section.text.data() - lines.data());
    if (section.role != Role::kAssistant || row < first || row >= first + section.text.size()) {
      continue;
    }
    auto choice = choose_in(section.text, special, row - first);
    if (choice) choice = Choice{first, first + choice->end, std::move(choice->text)};
    return choice;
  }
  return tl::unexpected(NoChoice::kNoOther);
}

}  // namespace chatvim::document

-- SPDX-License-Identifier: Apache-2.0
-- The texts used in the measurements.
local M = {}

--- Returns the texts of a paced answer: words, with a line break after every twelfth.
function M.paced_texts(count)
  local texts = {}
  for index = 1, count do
    texts[index] = ("w%d%s"):format(index, index % 12 == 0 and "\n" or " ")
  end
  return texts
end

--- Returns 100 deltas of five bytes that resemble a model's answer: a heading, paragraphs, a list,
--- a fenced code block.
function M.prose()
  local words = { "\n## A", " head", "ing.\n", "\nThe " }
  for index = 1, 66 do
    words[#words + 1] = index % 22 == 0 and "end.\n" or index % 22 == 1 and "\nIt w" or "ord w"
  end
  vim.list_extend(
    words,
    { "\n- it", "em is", " one\n", "- `co", "de` i", "s x.\n", "\n```l", "ua\nlo", "cal x" }
  )
  vim.list_extend(words, { " = 1\n", "print", "(x)\n", "  ret", "urn x", "\n```\n", "\nAnd " })
  while #words < 100 do
    words[#words + 1] = #words % 10 == 0 and "ends\n" or "more "
  end
  return words
end

--- Returns a chat of the given size in MB, with 200 messages per MB.
---@param megabytes integer
function M.large_chat(megabytes)
  local lines = {}
  local text = ("The quick brown fox jumps over the lazy dog. "):rep(2):sub(1, 79)
  for index = 1, 200 * megabytes do
    vim.list_extend(lines, { index % 2 == 1 and "# === USER ===" or "# === ASSISTANT ===", "" })
    for _ = 1, 65 do
      table.insert(lines, text)
    end
    table.insert(lines, "")
  end
  vim.list_extend(lines, { "# === USER ===", "", "And now?" })
  return lines
end

--- Returns a chat of at least `count` lines that resembles a model's answers.
function M.long_chat(count)
  local answer = vim.split(table.concat(M.prose()), "\n")
  local lines = {}
  while #lines < count do
    vim.list_extend(lines, { "# === USER ===", "", "And what about *this*?", "" })
    vim.list_extend(lines, { "# === ASSISTANT ===" })
    vim.list_extend(lines, answer)
    table.insert(lines, "")
  end
  vim.list_extend(lines, { "# === USER ===", "", "And now?" })
  return lines
end

return M

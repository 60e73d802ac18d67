-- SPDX-License-Identifier: Apache-2.0
-- Makes untrusted text safe to display: names of files, models and servers may contain anything.
local M = {}

--- Replaces each character that would disturb the screen or disguise the text with "?": control
--- characters, including line breaks unless they are kept, and those that change the direction of
--- text.
---@param text string
---@param keeps_breaks? boolean
---@return string
function M.show(text, keeps_breaks)
  if not text:find("[%c\128-\255]") then
    return text
  end
  text = keeps_breaks and text:gsub("[^%C\n]", "?") or text:gsub("%c", "?")
  -- C1; then U+200E, U+200F, U+202A to U+202E, U+2028, U+2029; U+2066 to U+2069; U+061C.
  text = text:gsub("\194[\128-\159]", "?"):gsub("\226\128[\142\143\168-\174]", "?")
  return (text:gsub("\226\129[\166-\169]", "?"):gsub("\216\156", "?"))
end

--- Longer names are truncated, in bytes.
local LONGEST = 100

--- Makes a name safe to display within other text, truncating a very long one between characters.
---@param name string
---@return string
function M.name(name)
  if #name > LONGEST then
    local last = LONGEST
    while last > 0 and name:byte(last + 1) >= 0x80 and name:byte(last + 1) < 0xC0 do
      last = last - 1
    end
    name = name:sub(1, last) .. "…"
  end
  return M.show(name)
end

return M

//! The list on a terminal: drawn on its other screen, so that what stood there comes back.
//!
//! The terminal is given back as it was in every way that this can end: a choice, an error, a
//! panic, a signal.

use std::fs::File;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal::{
    Clear, ClearType, DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{QueueableCommand, cursor, style};

use crate::cmd::pick::list::{List, Move};
use crate::error::printable;
use crate::looks::{columns, cut};
use crate::platform;

const PROMPT: &str = "assume: ";

/// Whether the terminal is ours. (A panic hook and a signal can be told of it in no other way.)
static IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// Lets a person choose.
///
/// # Errors
/// The terminal cannot be written, or went away.
pub(super) fn choose(list: &mut List<'_>, device: File) -> Result<Option<usize>> {
    let mut screen = Screen::take(device).context("terminal")?;
    let mut top = 0;
    // From here on it is told when the window changes: not only after the first drawing, which would miss a change.
    event::poll(Duration::ZERO).context("terminal")?;
    loop {
        screen.draw(list, &mut top).context("terminal")?;
        match event::read().context("terminal")? {
            Event::Key(key) if key.kind != KeyEventKind::Release => match pressed(list, key) {
                Pressed::Choose if list.chosen().is_some() => return Ok(list.chosen()),
                Pressed::Leave => return Ok(None),
                Pressed::Choose | Pressed::Stay => {}
            },
            // The next drawing asks how big the window is.
            _ => {}
        }
    }
}

enum Pressed {
    Stay,
    Choose,
    Leave,
}

/// Does what a key means.
fn pressed(list: &mut List<'_>, key: KeyEvent) -> Pressed {
    const PAGE: isize = 10;
    let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Enter => return Pressed::Choose,
        KeyCode::Esc => return Pressed::Leave,
        KeyCode::Char('c' | 'd' | 'g') if is_control => return Pressed::Leave,
        KeyCode::Char('j' | 'm') if is_control => return Pressed::Choose,
        KeyCode::Char('p' | 'k') if is_control => list.step(Move::By(-1)),
        KeyCode::Char('n') if is_control => list.step(Move::By(1)),
        KeyCode::Char('u') if is_control => list.search(String::new()),
        KeyCode::Char('w') if is_control => {
            let words = list.query.trim_end();
            let kept = words.rfind(' ').map_or(0, |end| end + 1);
            list.search(words[..kept].to_owned());
        }
        KeyCode::Up | KeyCode::BackTab => list.step(Move::By(-1)),
        KeyCode::Down | KeyCode::Tab => list.step(Move::By(1)),
        KeyCode::PageUp => list.step(Move::By(-PAGE)),
        KeyCode::PageDown => list.step(Move::By(PAGE)),
        KeyCode::Home => list.step(Move::First),
        KeyCode::End => list.step(Move::Last),
        KeyCode::Backspace => {
            let mut query = list.query.clone();
            query.pop();
            list.search(query);
        }
        KeyCode::Char(letter) if !is_control && !letter.is_control() => {
            list.search(format!("{}{letter}", list.query));
        }
        _ => {}
    }
    Pressed::Stay
}

/// The terminal, while it is ours.
struct Screen {
    device: File,
}

impl Screen {
    fn take(device: File) -> std::io::Result<Self> {
        give_back_on_panic(&device)?;
        let mut other = device.try_clone()?;
        platform::before_end_by_signal(move || give_back(&mut other))?;
        IS_TAKEN.store(true, Ordering::SeqCst);
        // From here on, dropping it gives back what was taken.
        let mut screen = Self { device };
        enable_raw_mode()?;
        screen.device.queue(EnterAlternateScreen)?;
        screen.device.queue(DisableLineWrap)?;
        screen.device.flush()?;
        Ok(screen)
    }

    fn draw(&mut self, list: &List<'_>, top: &mut usize) -> std::io::Result<()> {
        let (width, height) = match crossterm::terminal::size() {
            Ok((width @ 1.., height @ 1..)) => (usize::from(width), height),
            _ => (80, 24),
        };
        let mut frame = Vec::new();
        let head = [
            format!("{PROMPT}{}", printable(&list.query)),
            format!("  {}", list.header),
        ];
        let head_height = u16::try_from(head.len()).unwrap_or(0).min(height - 1);
        let shown = usize::from(height - head_height);
        *top = (*top)
            .min(list.marked)
            .max((list.marked + 1).saturating_sub(shown));
        for (line, text) in (0..head_height).zip(&head) {
            write_line(&mut frame, line, text, width)?;
        }
        let visible = list.matches.iter().enumerate().skip(*top).take(shown);
        for (line, (index, place)) in (head_height..).zip(visible) {
            let text = &list.rows[*place].text;
            if index == list.marked {
                frame.queue(style::SetAttribute(style::Attribute::Reverse))?;
                write_line(&mut frame, line, &format!("> {text}"), width)?;
                frame.queue(style::SetAttribute(style::Attribute::Reset))?;
            } else {
                write_line(&mut frame, line, &format!("  {text}"), width)?;
            }
        }
        let used = list.matches.len().saturating_sub(*top).min(shown);
        if used < shown {
            let line = head_height + u16::try_from(used).unwrap_or(0);
            frame.queue(cursor::MoveTo(0, line))?;
            if used == 0 {
                frame.write_all(b"  nothing matches")?;
            }
            frame.queue(Clear(ClearType::FromCursorDown))?;
        }
        let column = columns(&head[0]).min(width - 1);
        frame.queue(cursor::MoveTo(u16::try_from(column).unwrap_or(0), 0))?;
        self.device.write_all(&frame)?;
        self.device.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back(&mut self.device);
    }
}

fn write_line(frame: &mut Vec<u8>, line: u16, text: &str, width: usize) -> std::io::Result<()> {
    frame.queue(cursor::MoveTo(0, line))?;
    frame.queue(Clear(ClearType::UntilNewLine))?;
    frame.write_all(cut(text, width).as_bytes())
}

/// Gives the terminal back, once. A terminal that is gone cannot be given back.
fn give_back(device: &mut File) {
    if IS_TAKEN.swap(false, Ordering::SeqCst) {
        let _ = device
            .queue(EnableLineWrap)
            .and_then(|device| device.queue(LeaveAlternateScreen))
            .and_then(Write::flush);
        let _ = disable_raw_mode();
    }
}

fn give_back_on_panic(device: &File) -> std::io::Result<()> {
    let device = device.try_clone()?;
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if let Ok(mut device) = device.try_clone() {
            give_back(&mut device);
        }
        report(panic);
    }));
    Ok(())
}

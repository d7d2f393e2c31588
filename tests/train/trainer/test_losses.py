import math

import pytest
import torch

from train.trainer.losses import distillation_loss, hard_loss

LOGITS = torch.tensor([0.0, math.log(3)])  # probabilities 1/2 and 3/4
LABELS = torch.tensor([0.0, 1.0])
TAUGHT = torch.tensor([0.0, 0.0])  # the teacher says 1/2


def test_hard_loss_is_the_mean_cross_entropy():
    expected = (math.log(2) + math.log(4 / 3)) / 2
    assert hard_loss(LOGITS, LABELS).item() == pytest.approx(expected)


def test_smoothing_moves_labels_towards_a_half():
    smooth = hard_loss(LOGITS, LABELS, 0.5)  # targets 1/4 and 3/4
    entropy = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert smooth.item() == pytest.approx((math.log(2) + entropy) / 2)


@pytest.mark.parametrize("alpha", [0.0, 0.25, 1.0])
def test_alpha_weighs_the_teacher(alpha):
    hard = (math.log(2) + math.log(4 / 3)) / 2
    soft = (math.log(2) + (math.log(4 / 3) + math.log(4)) / 2) / 2  # cross-entropy with 1/2
    assert distillation_loss(LOGITS, TAUGHT, LABELS, alpha).item() == pytest.approx(alpha * soft + (1 - alpha) * hard)


def test_the_teacher_gets_no_gradient():
    student, teacher = LOGITS.clone().requires_grad_(), TAUGHT.clone().requires_grad_()
    distillation_loss(student, teacher, LABELS, 0.5).backward()
    assert teacher.grad is None
    assert student.grad is not None
